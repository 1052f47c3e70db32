import { createHash } from "node:crypto";
import { describe, test } from "vitest";
import { always, OK, startProxy } from "../../support/scripted-upstream.ts";
import { toGet } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

describe("an upgrade", () => {
  for (const name of ["websocket", "WebSocket", "WEBSOCKET", "something/2"]) {
    test(`G16: to ${name} is a tunnel, both ways, from the first byte on`, async ({ expect }) => {
      const { watchdog, upstream } = await startProxy(echoUpgraded);
      const client = await watchdog.connect();
      client.send(
        `${toGet("/", `Connection: keep-alive, Upgrade\r\nUpgrade: ${name}\r\nX-Own: 1\r\n`)}early`,
      );
      await until("the echo", () => client.received.endsWith("early"));
      expect(client.received).toMatch(
        /^HTTP\/1\.1 101 Switching Protocols\r\nConnection: Upgrade\r\n/,
      );
      expect(client.received).toContain(`\r\nUpgrade: ${name}\r\n`);
      expect(upstream.asked[0]?.received).toContain(`Upgrade: ${name}\r\n`);
      expect(upstream.asked[0]?.received).toContain("X-Own: 1\r\n");
      client.received = "";
      client.send("more");
      await until("the echo", () => client.received === "more");
      client.finish();
      await until("its end", () => watchdog.telemetry.invocations.length === 1);
      expect(watchdog.telemetry.invocations[0]).toMatchObject({
        status: 101,
        outcome: "ok",
        bytes: 9,
      });
      expect(watchdog.telemetry.inFlight).toBe(0);
    });
  }

  test("that offers protocols is told the one that the upstream has chosen", async ({ expect }) => {
    const { watchdog } = await startProxy(
      always("HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: b/2\r\nX-A: 1\r\n\r\n"),
    );
    const client = await watchdog.connect();
    client.send(toGet("/", "Connection: Upgrade\r\nUpgrade: a/1, b/2\r\n"));
    await until("the upgrade", () => client.received.endsWith("\r\n\r\n"));
    expect(client.received).toContain("\r\nConnection: Upgrade\r\nUpgrade: b/2\r\nX-A: 1\r\n\r\n");
  });

  test("holds a place until it ends, and ends with its upstream", async ({ expect }) => {
    const { watchdog, upstream } = await startProxy(echoUpgraded, { max_inflight: "1" });
    const client = await watchdog.connect();
    client.send(toGet("/", UPGRADE));
    await until("the upgrade", () => client.received.startsWith("HTTP/1.1 101"));
    expect((await watchdog.ask(toGet())).status).toBe(429);
    upstream.asked[0]?.socket.destroy();
    await client.closed();
    await until("the place is free", () => watchdog.telemetry.inFlight === 0);
  });

  test("that is silent for stream_idle_timeout is closed", async ({ expect }) => {
    const { watchdog } = await startProxy(echoUpgraded, { stream_idle_timeout: "200ms" });
    const client = await watchdog.connect();
    client.send(toGet("/", UPGRADE));
    await client.closed();
    await until("its end", () => watchdog.telemetry.invocations.length === 1);
    expect(watchdog.telemetry.invocations[0]?.outcome).toBe("timeout");
  });

  test("that the upstream declines is answered as it answers, and the connection ends", async ({
    expect,
  }) => {
    const { watchdog } = await startProxy(always(OK));
    const client = await watchdog.connect();
    client.send(toGet("/", UPGRADE));
    const answer = await client.answer();
    expect([answer.status, answer.body, answer.header("connection")]).toEqual([200, "ok", "close"]);
    await client.closed();
  });

  test("to HTTP/2, or of a request with a body, is not passed on: it is served as HTTP/1.1", async ({
    expect,
  }) => {
    const { watchdog, upstream } = await startProxy(always(OK));
    for (const [index, request] of [
      toGet("/", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAM\r\n"),
      `POST / HTTP/1.1\r\nHost: x\r\n${UPGRADE}Content-Length: 1\r\n\r\nb`,
    ].entries()) {
      expect((await watchdog.ask(request)).status).toBe(200);
      expect(upstream.asked[0]?.received.split("\r\n\r\n")[index]).not.toMatch(/upgrade|http2/i);
    }
  });

  test("of the watchdog's own paths is none", async ({ expect }) => {
    const { watchdog } = await startProxy(always(OK));
    expect((await watchdog.ask(toGet("/_/health", UPGRADE))).body).toBe("OK");
  });

  test("with a real WebSocket client is a conversation", async ({ expect }) => {
    const { watchdog } = await startProxy(serveWebSocket);
    const socket = new WebSocket(`ws://127.0.0.1:${watchdog.port}/chat`);
    const received: unknown[] = [];
    socket.addEventListener("message", ({ data }) => received.push(data));
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", reject);
    });
    for (const text of ["hello", "x".repeat(100), "bye"]) {
      socket.send(text);
      await until("the echo", () => received.at(-1) === text);
    }
    socket.close();
    await until("its end", () => watchdog.telemetry.inFlight === 0);
    expect(received.length).toBe(3);
  });
});

const UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\n";

type OnData = Parameters<typeof startProxy>[0];

/** Agrees to any upgrade, and sends back what comes. */
const echoUpgraded: OnData = ({ socket, received }, piece) => {
  const name = /^upgrade: (.*)$/im.exec(received)?.[1]?.trim();
  if (!piece.includes("\r\n\r\n")) socket.write(piece);
  else {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${name}\r\n\r\n`,
    );
    socket.write(piece.slice(piece.indexOf("\r\n\r\n") + 4));
  }
};

/** As little of RFC 6455 as an echo of short texts needs. */
const serveWebSocket: OnData = ({ socket, received }, piece) => {
  const key = /^sec-websocket-key: (.*)\r$/im.exec(received)?.[1] ?? "";
  if (piece.startsWith("GET")) {
    const accept = createHash("sha1")
      .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    return;
  }
  const frame = Buffer.from(piece, "latin1");
  const length = (frame[1] as number) & 0x7f;
  const payload = frame
    .subarray(6, 6 + length)
    .map((byte, index) => byte ^ (frame[2 + (index % 4)] as number));
  const isLast = ((frame[0] as number) & 15) === 8;
  socket[isLast ? "end" : "write"](
    Buffer.concat([Buffer.from([frame[0] as number, length]), payload]),
  );
};
