import { test } from "vitest";
import { startWebFunction } from "../../../support/start-web-function.ts";
import { until } from "../../../support/until.ts";

function nextMessage(socket: WebSocket): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  socket.addEventListener("message", ({ data }) => resolve(data), { once: true });
  return promise;
}

test("Node's own WebSocket speaks to a function: text, a frame of a megabyte and more, and its close with code and reason", async ({
  expect,
}) => {
  const { gateway, untilOpen } = await startWebFunction();
  const socket = new WebSocket(`${gateway.url.replace("http", "ws")}/function/web/ws`);
  socket.binaryType = "arraybuffer";
  const opened = Promise.withResolvers<void>();
  socket.addEventListener("open", () => opened.resolve());
  socket.addEventListener("error", () => opened.reject(new Error("it did not open")));
  await opened.promise;
  const text = nextMessage(socket);
  socket.send("grüß dich");
  expect(await text).toBe("grüß dich");
  const sent = Buffer.alloc(1_500_000, "0123456789");
  const bytes = nextMessage(socket);
  socket.send(sent);
  expect(sent.equals(Buffer.from((await bytes) as ArrayBuffer))).toBe(true);
  await untilOpen(1);
  const closed = Promise.withResolvers<CloseEvent>();
  socket.addEventListener("close", (event) => closed.resolve(event));
  socket.close(4000, "bye");
  expect(await closed.promise).toMatchObject({ code: 4000, reason: "bye", wasClean: true });
  await untilOpen(0);
  const metrics = await (await gateway.ask("/metrics")).text();
  expect(metrics).toContain('gateway_function_invocation_total{function_name="web",code="101"} 1');
});

const HANDSHAKE =
  "GET /function/web/ws HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
/** Masked with zeros: the bytes stay readable. */
const PING = "\x89\x82\0\0\0\0hi";
const PONG = "\x8a\x02hi";

test("a handshake and frames that come in one piece, or byte by byte, are one conversation, which ends at the function however the client leaves", async ({
  expect,
}) => {
  const { connect, untilOpen } = await startWebFunction();
  const client = await connect();
  client.send(HANDSHAKE + PING);
  await until("the pong", () => client.received.endsWith(PONG));
  // RFC 6455, 1.3.
  expect(client.received).toContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
  expect(client.received).toContain("X-Call-Id: ");
  client.received = "";
  for (const byte of PING) {
    client.send(byte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until("the pong", () => client.received === PONG);
  await untilOpen(1);
  client.finish();
  expect(await client.closed()).toBe("fin");
  await untilOpen(0);
  const rude = await connect();
  rude.send(HANDSHAKE);
  await until("the upgrade", () => rude.received.startsWith("HTTP/1.1 101 "));
  await untilOpen(1);
  rude.reset();
  await untilOpen(0);
  const lost = await connect();
  lost.send(HANDSHAKE.replace("/web/ws", "/nobody"));
  expect((await lost.answer()).status).toBe(404);
});
