import { type Case, framed, raw, request, single } from "../case.ts";

const deeds = [
  "no-type",
  "own-reason",
  "no-body",
  "not-modified",
  "redirects",
  "cookies",
  "chunks",
  "trailers",
  "hop-by-hop",
  "hints",
  "own-duration",
  "fails",
  "is-no-http",
  "cuts-its-length",
  "cuts-its-chunks",
  "says-nothing",
];

/** What a program that serves HTTP is told of a request. */
export const upstreamRequestCases: readonly Case[] = [
  ...single({
    GET: {},
    "HEAD to an upstream": { method: "HEAD" },
    OPTIONS: { method: "OPTIONS" },
    PATCH: { method: "PATCH", body: "x" },
    "a path and a query": { target: "/a/%20b?x=1&y=%zz" },
    "an absolute target to an upstream": { target: "http://other:99/p?q=1" },
    "a known length": { method: "POST", body: "hello" },
    "an empty body": { method: "POST", body: "" },
    "agent and coding of the client": {
      headers: "User-Agent: me/1\r\nAccept-Encoding: br\r\nAccept: */*\r\n",
    },
    "a header twice to an upstream": {
      headers: "X-A: 1\r\nX-A: 2\r\nCookie: a=1\r\nCookie: b=2\r\n",
    },
    "hop-by-hop headers to an upstream": {
      headers: "TE: trailers\r\nKeep-Alive: x\r\nProxy-Connection: y\r\n",
    },
    "Connection names a header to an upstream": {
      headers: "Connection: X-Secret\r\nX-Secret: 1\r\n",
    },
    "Proxy to an upstream": { headers: "Proxy: http://e\r\n" },
    "forwarded headers": { headers: "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n" },
    "Expect: 100-continue to an upstream": {
      method: "POST",
      headers: "Expect: 100-continue\r\n",
      body: "hi",
    },
    "HTTP/1.0 to an upstream": { version: "1.0", keepsAlive: true },
    "bytes in a header": { headers: "X-A: \xc3\xa9 \xff\r\n" },
  }),
  {
    name: "a chunked body to an upstream",
    sent: framed("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"),
  },
];

/** What its client is told. */
export const upstreamAnswerCases: readonly Case[] = [
  ...single(Object.fromEntries(deeds.map((deed) => [deed, { headers: `X-Do: ${deed}\r\n` }]))),
  ...raw({
    "two in a row": `${request({ keepsAlive: true, headers: "X-Do: chunks\r\n" })}${request({ headers: "X-Do: fails\r\n" })}`,
    "HEAD of a length": request({ method: "HEAD", headers: "X-Do: own-reason\r\n" }),
  }),
];
