import { type Case, framed, raw, single } from "../case.ts";

const many = (count: number, value: string): string =>
  Array.from({ length: count }, (_, index) => `X-${index}: ${value}\r\n`).join("");

/** What becomes of headers, and which are refused. */
export const headerCases: readonly Case[] = [
  ...single({
    "no Host": { host: "" },
    "two Hosts": { headers: "Host: b\r\n" },
    "an empty Host": { host: "Host:\r\n" },
    "a blank in Host": { host: "Host: a b\r\n" },
    "a slash in Host": { host: "Host: a/b\r\n" },
    "a port in Host": { host: "Host: example.com:8080\r\n" },
    "a blank in a name": { headers: "X A: 1\r\n" },
    "a blank before the colon": { headers: "X-A : 1\r\n" },
    "an empty name": { headers: ": 1\r\n" },
    "no colon": { headers: "Xyz\r\n" },
    "a control character in a value": { headers: "X-A: a\x01b\r\n" },
    "NUL in a value": { headers: "X-A: a\0b\r\n" },
    "\\x7f in a value": { headers: "X-A: a\x7fb\r\n" },
    "CR in a value": { headers: "X-A: a\rb\r\n" },
    "a folded value": { headers: "X-A: a\r\n b\r\n" },
    "UTF-8 in a name": { headers: "X-\xc3\xa9: a\r\n" },
    "bytes in a value": { headers: "X-A: \xc3\xa9 \xff\r\n" },
    "empty and blank values": { headers: "X-Empty:\r\nX-Sp:    \r\nX-In:  a  b \t \r\n" },
    "names of all sorts": {
      headers: "x_under_score: 1\r\nX-ETag-ID: 2\r\nX.dot!: 3\r\ncontent-MD5: 4\r\n",
    },
    "a header twice": { headers: "X-A: 1\r\nX-A: 2\r\nCookie: a=1\r\nCookie: b=2\r\n" },
    "names that differ in - and _": { headers: "X-User: a\r\nX_User: b\r\n" },
    "two headers of one variable": { headers: "X-1: a\r\nX_1: b\r\n" },
    Proxy: { headers: "Proxy: http://e\r\n" },
    "headers named as our variables": {
      headers:
        "Query: evil\r\nPath: /e\r\nMethod: M\r\nContentLength: 4\r\nTransfer_Encoding: q\r\n",
    },
    "headers named as others' variables": {
      headers:
        "Ld-Preload: x\r\nNode-Options: y\r\nPythonpath: z\r\nHttp-Proxy: p\r\nBash-Env: b\r\n",
    },
    "hop-by-hop headers": {
      headers: "TE: trailers\r\nKeep-Alive: x\r\nProxy-Connection: y\r\nUpgrade: h2c\r\n",
    },
    "an upgrade": { headers: "Connection: Upgrade\r\nUpgrade: websocket\r\n", keepsAlive: true },
    "Connection names a header": { headers: "Connection: X-Secret\r\nX-Secret: 1\r\n" },
    Shellshock: { headers: "User-Agent: () { :;}; echo hacked\r\n" },
    "100 KB in one header": { headers: `X-A: ${"a".repeat(100_000)}\r\n` },
    "140 KB in one header": { headers: `X-A: ${"a".repeat(140_000)}\r\n` },
    "1,500 headers": { headers: many(1500, "a") },
    "2 MB of headers": { headers: many(2000, "a".repeat(1000)) },
    "Expect: 100-continue without a body": { headers: "Expect: 100-continue\r\n" },
    "an empty Expect": { headers: "Expect:\r\n" },
    "Expect: something else": { method: "POST", headers: "Expect: foo\r\n", body: "hi" },
    "Expect: 100-continue": { method: "POST", headers: "Expect: 100-continue\r\n", body: "hi" },
    "Expect: 100-continue twice": {
      method: "POST",
      headers: "Expect: 100-continue\r\nExpect: 100-continue\r\n",
      body: "hi",
    },
    "Expect: 100-continue in HTTP/1.0": {
      method: "POST",
      version: "1.0",
      headers: "Expect: 100-continue\r\n",
      body: "hi",
    },
    "a content type": { method: "POST", headers: "Content-Type: a/b; c=d\r\n", body: "x" },
    "an empty content type": { method: "POST", headers: "Content-Type:\r\n", body: "<html>x" },
    "two content types": {
      method: "POST",
      headers: "Content-Type: a/b\r\nContent-Type: c/d\r\n",
      body: "x",
    },
    "a tab in a content type": { method: "POST", headers: "Content-Type: a\tb\r\n", body: "x" },
    "bytes in a content type": { method: "POST", headers: "Content-Type: t/\xe9\r\n", body: "x" },
  }),
  ...raw({
    "a head that is cut": "GET / HTTP/1.1\r\nHo",
  }).map((one) => ({ ...one, isHalfClosed: true })),
  { name: "a body that is cut", sent: framed("Content-Length: 10\r\n", "hi"), isHalfClosed: true },
];
