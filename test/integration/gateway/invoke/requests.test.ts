import { describe, test } from "vitest";
import { networksOf } from "../../../support/networks.ts";
import { askRaw, RawClient } from "../../../support/raw-http.ts";
import { headLines, OK, ScriptedUpstream } from "../../../support/scripted-upstream.ts";
import { until } from "../../../support/until.ts";
import { GET, startEcho, startInvoker } from "./start-invoker.ts";

const values = (lines: readonly string[], name: string) =>
  lines
    .filter((line) => line.toLowerCase().startsWith(`${name}:`))
    .map((line) => line.slice(name.length + 2));

describe("the request", () => {
  test("reaches the function with its method, its query, and of its path what is behind the name", async ({
    expect,
  }) => {
    const { port, upstream } = await startEcho(OK);
    await askRaw(
      port,
      "PURGE /function/echo/a%2Fb/c?x=%20&y HTTP/1.1\r\nHost: gateway\r\nX-Own: 1\r\n\r\n",
    );
    const lines = await headLines(upstream);
    expect(lines[0]).toBe("PURGE /a%2Fb/c?x=%20&y HTTP/1.1");
    expect(values(lines, "host")).toEqual([`127.0.0.1:${upstream.port}`]);
    expect(values(lines, "x-own")).toEqual(["1"]);
  });

  test("is asked for as / where nothing is behind the name, and by name and namespace too", async ({
    expect,
  }) => {
    const { port, upstream } = await startEcho(OK);
    for (const path of ["/function/echo", "/function/echo/", "/function/echo.openfaas-fn"]) {
      await askRaw(port, `GET ${path} HTTP/1.1\r\nHost: gateway\r\n\r\n`);
    }
    const firsts = upstream.asked.flatMap(({ received }) => received.match(/^GET .*$/gm) ?? []);
    expect(firsts.map((line) => line.trim())).toEqual(Array(3).fill("GET / HTTP/1.1"));
  });

  test("says whose it is where the client has not", async ({ expect }) => {
    const { port, upstream } = await startEcho(OK);
    await askRaw(port, `${GET}\r\n`);
    await askRaw(port, `${GET}User-Agent: own\r\n\r\n`);
    const agents = upstream.asked.flatMap(({ received }) => received.match(/user-agent: \S+/gi));
    expect(agents).toEqual(["User-Agent: breeze-gateway/1.2.3", "User-Agent: own"]);
  });

  test("T27: loses what is about the client's connection, and what Connection names", async ({
    expect,
  }) => {
    const { port, upstream } = await startEcho(OK);
    await askRaw(
      port,
      `${GET}Connection: X-Secret\r\nX-Secret: 1\r\nTE: trailers\r\nTrailer: X-Sum\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\nX-Kept: 1\r\n\r\n`,
    );
    const names = (await headLines(upstream)).slice(1).map((line) => line.split(":")[0]);
    expect(names).toContain("X-Kept");
    for (const name of ["Connection", "X-Secret", "TE", "Trailer", "Keep-Alive", "Upgrade"]) {
      expect(names).not.toContain(name);
    }
  });

  test("T32: of a client that nobody trusts, what only the gateway can say is said anew", async ({
    expect,
  }) => {
    const { port, upstream } = await startEcho(OK);
    await askRaw(
      port,
      `${GET}X-Forwarded-For: 8.8.8.8\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Proto: https\r\nForwarded: for=8.8.8.8\r\nX-Function-Status: 200\r\nX-Duration-Seconds: 9\r\nX-Breeze-Attempt: 2\r\nX-Breeze-Delivery: x\r\nX-Call-Id: not/good\r\nX-Start-Time: 1\r\n\r\n`,
    );
    const lines = await headLines(upstream);
    expect(values(lines, "x-forwarded-for")).toEqual(["127.0.0.1"]);
    expect(values(lines, "x-forwarded-host")).toEqual(["gateway"]);
    expect(values(lines, "x-forwarded-proto")).toEqual(["http"]);
    const unsaid = [
      ...["forwarded", "x-function-status", "x-duration-seconds"],
      ...["x-breeze-attempt", "x-breeze-delivery"],
    ];
    for (const name of unsaid) {
      expect(values(lines, name)).toEqual([]);
    }
    expect(values(lines, "x-call-id")[0]).toMatch(/^[\da-f-]{36}$/);
    expect(values(lines, "x-start-time")[0]).toMatch(/^\d{19}$/);
    expect(values(lines, "traceparent")[0]).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/);
  });

  test("T32: a trusted proxy is believed, and added to whom it names", async ({ expect }) => {
    const { port, upstream } = await startEcho(OK, { trustedProxies: networksOf("127.0.0.0/8") });
    await askRaw(
      port,
      `${GET}X-Forwarded-For: 8.8.8.8\r\nX-Forwarded-Host: shop\r\nX-Forwarded-Proto: https\r\n\r\n`,
    );
    const lines = await headLines(upstream);
    expect(values(lines, "x-forwarded-for")).toEqual(["8.8.8.8, 127.0.0.1"]);
    expect(values(lines, "x-forwarded-host")).toEqual(["shop"]);
    expect(values(lines, "x-forwarded-proto")).toEqual(["https"]);
  });

  test("T32: a call id and a trace of the client's are kept, and the id comes back", async ({
    expect,
  }) => {
    const { port, upstream } = await startEcho(OK);
    const trace = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
    const answer = await askRaw(
      port,
      `${GET}X-Call-Id: my_id-1\r\nTraceparent: ${trace}\r\nTracestate: v=1\r\n\r\n`,
    );
    const lines = await headLines(upstream);
    expect(answer.header("x-call-id")).toBe("my_id-1");
    expect(values(lines, "x-call-id")).toEqual(["my_id-1"]);
    expect(values(lines, "traceparent")).toEqual([trace]);
    expect(values(lines, "tracestate")).toEqual(["v=1"]);
  });

  test("may have a head of nearly one MiB", async ({ expect }) => {
    const { port, upstream } = await startEcho(OK);
    const large = "x".repeat(1_000_000);
    const answer = await askRaw(port, `${GET}X-Large: ${large}\r\n\r\n`);
    expect(answer.status).toBe(200);
    expect(values(await headLines(upstream), "x-large")).toEqual([large]);
  });

  test("has its chunks passed on as they come, and its trailers", async ({ expect }) => {
    const upstream = await ScriptedUpstream.listen(({ socket, received }) => {
      if (received.endsWith("0\r\nX-Sum: 7\r\n\r\n")) socket.write(OK);
    });
    const { port, provider } = await startInvoker();
    provider.set("echo", [upstream.port]);
    const client = await RawClient.connect(port);
    client.send(
      "POST /function/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n",
    );
    await until("the first chunk", () => upstream.asked[0]?.received.includes("one") ?? false);
    client.send("3\r\ntwo\r\n0\r\nX-Sum: 7\r\n\r\n");
    expect((await client.answer()).body).toBe("ok");
  });

  test("has its trailers passed on where they come in one read with its body, too", async ({
    expect,
  }) => {
    const upstream = await ScriptedUpstream.listen(({ socket, received }) => {
      if (received.endsWith("3\r\none\r\n0\r\nX-Sum: 7\r\n\r\n")) socket.write(OK);
    });
    const { port, provider } = await startInvoker();
    provider.set("echo", [upstream.port]);
    const answer = await askRaw(
      port,
      "POST /function/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\nX-Sum: 7\r\n\r\n",
    );
    expect(answer.body).toBe("ok");
  });

  test("is asked to go on with its body only where there is a function to take it, and else told that its connection ends", async ({
    expect,
  }) => {
    const { port } = await startEcho(OK);
    const rest = "HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    const client = await RawClient.connect(port);
    client.send(`POST /function/echo ${rest}`);
    await until("100", () => client.received.includes("100 Continue"));
    client.send("hi");
    const answer = await client.answer();
    expect([answer.status, answer.header("connection")]).toEqual([200, undefined]);
    const other = await RawClient.connect(port);
    other.send(`POST /function/nobody ${rest}`);
    const refusal = await other.answer();
    // Whether its body comes all the same, nobody knows.
    expect([refusal.status, refusal.header("connection")]).toEqual([404, "close"]);
    expect(other.received).not.toContain("100 Continue");
  });

  test("T26: that could be understood in two ways reaches nobody", async ({ expect }) => {
    const { port, upstream } = await startEcho(OK);
    const post = "POST /function/echo HTTP/1.1\r\nHost: x\r\n";
    for (const request of [
      `${post}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${post}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
      `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
      `${post}X-A: 1\r\n folded\r\n\r\n`,
      `${post}Content-Length: +1\r\n\r\na`,
      "POST /function/echo HTTP/1.1\nHost: x\n\n",
    ]) {
      const client = await RawClient.connect(port);
      client.send(request);
      const { status } = await client.answer();
      expect([request, status]).toEqual([request, 400]);
      await client.closed();
    }
    expect(upstream.asked).toEqual([]);
  });
});
