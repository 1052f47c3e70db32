import { describe, test } from "vitest";
import { always, headLines, OK, startProxy } from "../../support/scripted-upstream.ts";
import { toGet, toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

describe("what the upstream gets of a request", () => {
  test("is the target byte for byte, the client's Host and headers, and nothing that it did not send", async ({
    expect,
  }) => {
    const { watchdog, upstream } = await startProxy(always(OK));
    const target = "/a%2Fb/%7e?x=%20&y=[1]|;&z";
    await watchdog.ask(`GET ${target} HTTP/1.1\r\nhOST: Example:81\r\nX-oDD: \xe9 b\r\n\r\n`);
    expect(await headLines(upstream)).toEqual([
      `GET ${target} HTTP/1.1`,
      "Host: Example:81",
      "X-oDD: \xe9 b",
    ]);
  });

  test("is an absolute target's path, and its authority for Host", async ({ expect }) => {
    const { watchdog, upstream } = await startProxy(always(OK));
    await watchdog.ask("GET http://other:1/p?q HTTP/1.1\r\nHost: x\r\n\r\n");
    expect((await headLines(upstream)).slice(0, 2)).toEqual(["GET /p?q HTTP/1.1", "Host: other:1"]);
  });

  test("is the upstream's own name where the client named none", async ({ expect }) => {
    const { watchdog, upstream } = await startProxy(always(OK));
    await watchdog.ask("GET / HTTP/1.0\r\n\r\n");
    expect(await headLines(upstream)).toContain(`Host: 127.0.0.1:${upstream.port}`);
  });

  test("is a body of known length with that length", async ({ expect }) => {
    const { watchdog, upstream } = await startProxy(answerWhenComplete);
    const body = "b".repeat(300_000);
    await watchdog.post(body);
    const lines = await headLines(upstream);
    expect(lines).toContain("Content-Length: 300000");
    expect(lines.join()).not.toMatch(/transfer-encoding/i);
    expect(upstream.asked[0]?.received.endsWith(`\r\n\r\n${body}`)).toBe(true);
  });

  test("is chunks only where nobody knows the length yet", async ({ expect }) => {
    const { watchdog, upstream } = await startProxy(answerWhenComplete);
    const client = await watchdog.connect();
    client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    await until("the first chunk", () => upstream.asked[0]?.received.includes("abc") ?? false);
    client.send("2\r\nde\r\n0\r\n\r\n");
    expect((await client.answer()).status).toBe(200);
    expect((await headLines(upstream)).join("\n")).toMatch(/^Transfer-Encoding: chunked$/m);
    expect(upstream.asked[0]?.received).toMatch(/3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n$/);
  });

  test("G3: with http_buffer_req_body is a body of any framing whole, with its length", async ({
    expect,
  }) => {
    for (const size of [5, 100_000, 3_000_000]) {
      const { watchdog, upstream } = await startProxy(answerWhenComplete, {
        http_buffer_req_body: "1",
      });
      const client = await watchdog.connect();
      client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      const body = "b".repeat(size);
      client.send(`${size.toString(16)}\r\n${body}\r\n`);
      await until("a moment", () => true);
      expect(upstream.asked).toEqual([]);
      client.send("0\r\n\r\n");
      expect((await client.answer()).status).toBe(200);
      const lines = await headLines(upstream);
      expect(lines).toContain(`Content-Length: ${size}`);
      expect(lines.join()).not.toMatch(/transfer-encoding/i);
      expect(upstream.asked[0]?.received.endsWith(`\r\n\r\n${body}`)).toBe(true);
    }
  });

  test("G30: is not delayed by Expect: the client is asked to go on, the upstream is not told", async ({
    expect,
  }) => {
    const { watchdog, upstream } = await startProxy(answerWhenComplete);
    const client = await watchdog.connect();
    client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    await until("to be asked", () => client.received === "HTTP/1.1 100 Continue\r\n\r\n");
    client.received = "";
    client.send("hello");
    expect((await client.answer()).status).toBe(200);
    expect((await headLines(upstream)).join()).not.toMatch(/expect/i);
  });
});

describe("headers", () => {
  test("T27: of the connection, and those that Connection names, go no further", async ({
    expect,
  }) => {
    const { watchdog, upstream } = await startProxy(always(OK));
    const hopByHop = [
      "Connection: X-Secret, x-other",
      "Connection: keep-alive",
      "X-Secret: 1",
      "X-OTHER: 2",
      "Keep-Alive: timeout=9",
      "Proxy-Connection: keep-alive",
      "Proxy-Authorization: Basic x",
      "TE: trailers",
      "Trailer: X-T",
      "Upgrade: h2c",
      "HTTP2-Settings: AAM",
    ];
    await watchdog.ask(toGet("/", `${hopByHop.join("\r\n")}\r\nX-Kept: 3\r\n`));
    expect(await headLines(upstream)).toEqual(["GET / HTTP/1.1", "Host: x", "X-Kept: 3"]);
  });

  test("T5: that are repeated are one, joined; of Authorization the first counts", async ({
    expect,
  }) => {
    const { watchdog, upstream } = await startProxy(always(OK));
    const repeated = [
      "X-A: 1",
      "Cookie: a=1",
      "Authorization: first",
      "x-a: 2",
      "cookie: b=2",
      "AUTHORIZATION: second",
    ];
    await watchdog.ask(toGet("/", `${repeated.join("\r\n")}\r\n`));
    expect((await headLines(upstream)).slice(2)).toEqual([
      "X-A: 1, 2",
      "Cookie: a=1; b=2",
      "Authorization: first",
    ]);
  });

  test("T1: named Proxy never pass, and are counted", async ({ expect }) => {
    const { watchdog, upstream } = await startProxy(always(OK));
    await watchdog.ask(toGet("/", "pROXY: http://evil\r\n"));
    expect((await headLines(upstream)).join()).not.toContain("evil");
    expect(watchdog.telemetry.dropped).toEqual(["proxy"]);
  });

  test("T7: may be many, at no more than the cost of reading them", async ({ expect }) => {
    const { watchdog, upstream } = await startProxy(always(OK));
    const many = Array.from({ length: 20_000 }, (_, index) => `X-${index % 5_000}: ${index}\r\n`);
    expect((await watchdog.ask(toGet("/", many.join("")))).status).toBe(200);
    expect((await headLines(upstream)).length).toBe(2 + 5_000);
  });
});

/** Answers when the whole of a body has come. */
function answerWhenComplete({ received, socket }: Parameters<ReturnType<typeof always>>[0]): void {
  const headEnd = received.indexOf("\r\n\r\n");
  const length = /content-length: (\d+)/i.exec(received)?.[1];
  const isComplete =
    length === undefined
      ? received.endsWith("0\r\n\r\n")
      : received.length >= headEnd + 4 + Number(length);
  if (headEnd > 0 && isComplete) socket.write(OK);
}

test("a base path goes before each path, with one slash between them", async ({ expect }) => {
  const seen: string[] = [];
  const { createServer } = await import("node:http");
  const server = createServer((request, response) => {
    seen.push(request.url ?? "");
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const { startTestWatchdog } = await import("../../support/start-watchdog.ts");
  const watchdog = await startTestWatchdog({
    mode: "http",
    fprocess: "cat",
    upstream_url: `http://127.0.0.1:${port}/base/`,
  });
  await watchdog.ask(toGet("/x?y"));
  await watchdog.ask(toPost("body", "", "/"));
  server.close();
  server.closeAllConnections();
  expect(seen).toEqual(["/base/x?y", "/base/"]);
});
