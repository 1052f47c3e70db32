import { describe, test } from "vitest";
import { type AddressMatcher, isLoopback } from "../../../../src/core/networks.ts";
import { type Queue, QueueError } from "../../../../src/gateway/queue/queue.ts";
import { askRaw, RawClient } from "../../../support/raw-http.ts";
import { until } from "../../../support/until.ts";
import { startSubmit } from "./start-submit.ts";

const request = (method: string, path: string, headers = "", body = "body") =>
  `${method} ${path} HTTP/1.1\r\nHost: gateway\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
const CHUNKED =
  "POST /async-function/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

function toOrigin(headers: readonly string[]): Record<string, string> {
  const pairs = headers.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), headers[index + 1] as string] as const] : [],
  );
  return Object.fromEntries(pairs.filter(([name]) => /forwarded/.test(name)));
}

describe("a request that is to run later", () => {
  test("is kept as its function will be asked, and answered 202 with its call id", async ({
    expect,
  }) => {
    const { port, submissions, accepting } = await startSubmit();
    const headers = "X-Call-Id: call-1\r\nX-Start-Time: 1\r\nX-Own: kept\r\nX-Callback-Url: \r\n";
    const answer = await askRaw(port, request("POST", "/async-function/echo/a/b?q=1", headers));
    expect([answer.status, answer.body]).toEqual([202, ""]);
    expect(answer.header("x-call-id")).toBe("call-1");
    expect(answer.header("x-start-time")).toMatch(/^\d{19}$/);
    expect(submissions).toMatchObject([
      {
        callId: "call-1",
        function: { name: "echo", namespace: "openfaas-fn" },
        request: { method: "POST", path: "/a/b", query: "q=1" },
        callbackUrl: undefined,
      },
    ]);
    const kept = submissions[0]?.request;
    expect(Buffer.from(kept?.body ?? []).toString()).toBe("body");
    const names = kept?.headers.filter((_, index) => index % 2 === 0).map((n) => n.toLowerCase());
    expect(names).toContain("x-own");
    for (const name of ["x-call-id", "x-start-time", "x-callback-url"]) {
      expect(names).not.toContain(name);
    }
    await until("nothing is on its way", () => accepting.inFlight === 0);
  });

  test("T32: is kept with where it came from, of which the word of a proxy counts and a client's does not", async ({
    expect,
  }) => {
    const says = "Forwarded: for=8.8.8.8\r\nX-Forwarded-For: 8.8.8.8\r\nX-Forwarded-Host: shop\r\n";
    const submit = async (isTrustedProxy: AddressMatcher) => {
      const { port, submissions } = await startSubmit({ isTrustedProxy });
      await askRaw(port, request("POST", "/async-function/echo", says));
      return toOrigin(submissions[0]?.request.headers ?? []);
    };
    expect(await submit(() => false)).toEqual({
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": "gateway",
      "x-forwarded-proto": "http",
    });
    expect(await submit(isLoopback)).toEqual({
      forwarded: "for=8.8.8.8",
      "x-forwarded-for": "8.8.8.8, 127.0.0.1",
      "x-forwarded-host": "shop",
      "x-forwarded-proto": "http",
    });
  });

  test("has a call id made where it brings none, or one that is none", async ({ expect }) => {
    const { port, submissions } = await startSubmit();
    await askRaw(port, request("POST", "/async-function/echo"));
    await askRaw(port, request("POST", "/async-function/echo", "X-Call-Id: a b\r\n"));
    expect(submissions).toHaveLength(2);
    for (const { callId } of submissions) expect(callId).toMatch(/^[\w-]{8,64}$/);
  });

  test("comes in chunks as well, and from a client that closes its side behind them", async ({
    expect,
  }) => {
    const { port, submissions } = await startSubmit();
    const client = await RawClient.connect(port);
    client.send(`${CHUNKED}2\r\nab\r\n1\r\nc\r\n0\r\n\r\n`);
    client.finish();
    expect((await client.answer()).status).toBe(202);
    expect(Buffer.from(submissions[0]?.request.body ?? []).toString()).toBe("abc");
  });

  test("is 409 where its call id is there already", async ({ expect }) => {
    const { port, submissions } = await startSubmit();
    const again = request("POST", "/async-function/echo", "X-Call-Id: call-1\r\n");
    expect((await askRaw(port, again)).status).toBe(202);
    expect((await askRaw(port, again)).status).toBe(409);
    expect(submissions).toHaveLength(1);
  });
});

describe("what cannot run later", () => {
  test.for([
    ["another method", 405, request("PUT", "/async-function/echo")],
    ["an unknown function", 404, request("POST", "/async-function/none")],
    [
      "T30: a callback to the machine itself",
      400,
      request("POST", "/async-function/echo", "X-Callback-Url: http://127.0.0.1/\r\n"),
    ],
    [
      "a body that is too large",
      413,
      request("POST", "/async-function/echo", "", "a".repeat(1_001)),
    ],
    [
      "a body that turns out to be too large",
      413,
      `${CHUNKED}3e9\r\n${"a".repeat(1_001)}\r\n0\r\n\r\n`,
    ],
    ["a body whose framing is broken", 400, `${CHUNKED}xyz\r\n`],
  ] as const)("%s is %i, and nothing is kept", async ([, status, text], { expect }) => {
    const { port, submissions, accepting } = await startSubmit();
    expect((await askRaw(port, text)).status).toBe(status);
    expect(submissions).toEqual([]);
    await until("nothing is on its way", () => accepting.inFlight === 0);
  });

  test("is 503 from a gateway that stops, to be tried again", async ({ expect }) => {
    const { port, submissions, accepting } = await startSubmit();
    accepting.isStopping = true;
    const answer = await askRaw(port, request("POST", "/async-function/echo"));
    expect([answer.status, answer.header("retry-after")]).toEqual([503, "1"]);
    expect(submissions).toEqual([]);
  });

  test("is refused before its body is asked for", async ({ expect }) => {
    const { port } = await startSubmit();
    const client = await RawClient.connect(port);
    client.send(
      "POST /async-function/none HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n",
    );
    await client.answer();
    expect(client.received).not.toContain("100 Continue");
  });

  test("is told what its guard says, and its function does not get the headers that were for the gateway", async ({
    expect,
  }) => {
    const denial = { status: 401, headers: ["WWW-Authenticate", "Bearer"], body: "no\n" };
    const closed = await startSubmit({
      guard: { admit: async () => denial, credentialHeaders: () => [] },
    });
    const answer = await askRaw(closed.port, request("POST", "/async-function/echo"));
    expect(answer).toMatchObject({ status: 401, body: "no\n" });
    expect(answer.header("www-authenticate")).toBe("Bearer");
    const open = await startSubmit({
      guard: { admit: () => undefined, credentialHeaders: () => ["x-api-key", "authorization"] },
    });
    const keys = "X-Api-Key: secret\r\nAuthorization: Bearer secret\r\n";
    await askRaw(open.port, request("POST", "/async-function/echo", keys));
    expect(open.submissions[0]?.request.headers.join()).not.toContain("secret");
  });

  test("is 507 where there is no room for it, with words and without a line in the log", async ({
    expect,
  }) => {
    const enqueue = () => Promise.reject(new QueueError("full", "there is no room"));
    const { port, errors } = await startSubmit({ queue: { enqueue } as unknown as Queue });
    const answer = await askRaw(port, request("POST", "/async-function/echo"));
    expect([answer.status, answer.body]).toEqual([507, "Insufficient Storage: there is no room\n"]);
    expect(errors).toEqual([]);
  });

  test("is 500 where it cannot be kept or its function not be looked up, and the log says why", async ({
    expect,
  }) => {
    const full = new Error("the disk is full");
    const queue = { enqueue: () => Promise.reject(full) } as unknown as Queue;
    const first = await startSubmit({ queue });
    expect((await askRaw(first.port, request("POST", "/async-function/echo"))).status).toBe(500);
    const second = await startSubmit({ look: () => Promise.reject(full) });
    expect((await askRaw(second.port, request("POST", "/async-function/echo"))).status).toBe(500);
    expect([first.errors, second.errors]).toEqual([[full], [full]]);
  });

  test("is forgotten with a client that leaves in the middle of its body", async ({ expect }) => {
    const { port, submissions, accepting } = await startSubmit();
    const client = await RawClient.connect(port);
    client.send("POST /async-function/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo");
    await until("it is on its way", () => accepting.inFlight === 1);
    client.reset();
    await until("it is not any more", () => accepting.inFlight === 0);
    expect(submissions).toEqual([]);
  });
});
