import { describe, test } from "vitest";
import { askRaw, RawClient } from "../../../support/raw-http.ts";
import { ScriptedUpstream } from "../../../support/scripted-upstream.ts";
import { until } from "../../../support/until.ts";
import { GET, startEcho, startInvoker } from "./start-invoker.ts";

describe("the answer", () => {
  test("comes as it was, but for what is about the replica's connection", async ({ expect }) => {
    const { port } = await startEcho(
      "HTTP/1.1 302 Over There\r\nLocation: /x\r\nX-A: 1\r\nX-A: 2\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nX-Duration-Seconds: 0.5\r\nContent-Length: 2\r\n\r\nok",
    );
    const answer = await askRaw(port, `${GET}\r\n`);
    expect([answer.status, answer.body, answer.header("location")]).toEqual([302, "ok", "/x"]);
    expect(answer.headers.filter(([name]) => name === "X-A").map(([, value]) => value)).toEqual([
      "1",
      "2",
    ]);
    expect([answer.header("x-hop"), answer.header("keep-alive")]).toEqual([undefined, undefined]);
    expect(answer.header("x-duration-seconds")).toBe("0.5");
    expect(answer.header("x-call-id")).toMatch(/^[\da-f-]{36}$/);
    expect(answer.header("x-start-time")).toMatch(/^\d{19}$/);
  });

  test("keeps a call id that the function says itself", async ({ expect }) => {
    const { port } = await startEcho(
      "HTTP/1.1 200 OK\r\nX-Call-Id: own\r\nContent-Length: 0\r\n\r\n",
    );
    const { headers } = await askRaw(port, `${GET}\r\n`);
    expect(headers.filter(([name]) => name.toLowerCase() === "x-call-id")).toEqual([
      ["X-Call-Id", "own"],
    ]);
  });

  test("to HEAD has the length and no body", async ({ expect }) => {
    const { port } = await startEcho("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n");
    const client = await RawClient.connect(port);
    client.send("HEAD /function/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    await client.closed();
    expect(client.received).toContain("Content-Length: 7\r\n");
    expect(client.received.endsWith("\r\n\r\n")).toBe(true);
  });

  test("has each event of a stream passed on as it comes, and heads before it, and trailers", async ({
    expect,
  }) => {
    const { port, upstream } = await startEcho(
      "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n",
    );
    const client = await RawClient.connect(port);
    client.send(`${GET}\r\n`);
    await until("the first event", () => client.received.includes("first"));
    expect(client.received).toContain("HTTP/1.1 103 ");
    upstream.asked[0]?.socket.write("6\r\nsecond\r\n");
    await until("the second event", () => client.received.includes("second"));
    upstream.asked[0]?.socket.write("0\r\nX-Sum: 7\r\n\r\n");
    await until("the trailer", () => client.received.includes("0\r\nX-Sum: 7\r\n\r\n"));
    expect((await client.answer()).body).toBe("firstsecond");
  });

  test("goes to a client of HTTP/1.0 without chunks", async ({ expect }) => {
    const { port } = await startEcho(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    );
    const client = await RawClient.connect(port);
    client.send("GET /function/echo HTTP/1.0\r\n\r\n");
    const answer = await client.answer();
    expect([answer.body, answer.header("transfer-encoding")]).toEqual(["ok", undefined]);
    expect(await client.closed()).toBe("fin");
  });

  test("that breaks off does not look complete", async ({ expect }) => {
    const { port, upstream, counted } = await startEcho(
      "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
    );
    const client = await RawClient.connect(port);
    client.send(`${GET}\r\n`);
    await until("the half", () => client.received.endsWith("half"));
    upstream.asked[0]?.socket.destroy();
    expect(await client.closed()).toBe("reset");
    expect(counted("echo").ended).toEqual([200]);
  });

  test("waits at the replica while the client does not read, and so does the body", async ({
    expect,
  }) => {
    const { port, upstream } = await startEcho(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    );
    const client = await RawClient.connect(port);
    client.socket.pause();
    client.send(`${GET}\r\n`);
    await until("a request", () => upstream.asked.length === 1);
    const socket = upstream.asked[0]?.socket;
    const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
    let written = 0;
    while (socket !== undefined && written < 512 * 65_536 && socket.writableLength < 4 * 65_536) {
      socket.write(chunk);
      written += 65_536;
      await new Promise((resolve) => setImmediate(resolve));
    }
    // Far less than was written has been taken: the rest waits where it was made.
    expect(written).toBeLessThan(512 * 65_536);
    client.socket.resume();
    socket?.write("0\r\n\r\n");
    expect((await client.answer()).body.length).toBe(written);
  });

  test("may be another protocol from there on", async ({ expect }) => {
    const upstream = await ScriptedUpstream.listen(({ socket, received }, piece) => {
      if (received.includes("Upgrade: websocket") && piece.includes("\r\n\r\n")) {
        socket.write(
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\nhello",
        );
      } else socket.write(piece.toUpperCase());
    });
    const { port, provider, counted, invoker } = await startInvoker();
    provider.set("echo", [upstream.port]);
    const client = await RawClient.connect(port);
    client.send(`${GET}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: y\r\n\r\n`);
    await until("the early bytes", () => client.received.endsWith("hello"));
    expect(client.received).toMatch(/^HTTP\/1\.1 101 .*\r\nConnection: Upgrade\r\n/);
    client.send("ping");
    await until("an echo", () => client.received.endsWith("PING"));
    expect(invoker.inFlight).toBe(1);
    client.finish();
    await client.closed();
    await until("the end", () => invoker.inFlight === 0);
    expect(counted("echo").ended).toEqual([101]);
  });
});

test("a client that leaves has its request ended at the replica", async ({ expect }) => {
  const { port, upstream, counted, invoker } = await startEcho("");
  const client = await RawClient.connect(port);
  client.send(`${GET}\r\n`);
  await until("a request", () => upstream.asked.length === 1);
  expect(invoker.inFlight).toBe(1);
  client.reset();
  await until("the end at the replica", () => upstream.asked[0]?.isClosed ?? false);
  await until("that it is counted", () => counted("echo").ended.length === 1);
  expect([counted("echo").started, counted("echo").ended]).toEqual([1, [499]]);
  expect([invoker.inFlight, counted("echo").load]).toEqual([0, ["begin", "end"]]);
});
