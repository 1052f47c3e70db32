import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, test, vi } from "vitest";
import { noSpawnerReason } from "../../support/no-spawner-reason.ts";
import { startProxy, type UpstreamConnection } from "../../support/scripted-upstream.ts";
import { anyBytes, digestOf, Received } from "../../support/socket-pairs.ts";
import { type StartedWatchdog, toGet } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const BODY = anyBytes(48 * 1024 * 1024);
const HEAD = `HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: ${BODY.length}\r\n\r\n`;

/** Answers each request with all of the body, or with so much of it. */
const answerWith =
  (bytes = BODY.length) =>
  ({ socket }: UpstreamConnection, piece: string): void => {
    if (!piece.includes("\r\n\r\n")) return;
    socket.write(HEAD);
    socket.write(BODY.subarray(0, bytes));
  };

/** A client that counts what comes behind the head. */
async function ask(watchdog: StartedWatchdog, request: string) {
  const socket = connect(watchdog.port, "127.0.0.1");
  await once(socket, "connect");
  const body = new Received();
  const client = { socket, body, head: "", error: "" };
  socket.on("error", (error: NodeJS.ErrnoException) => {
    client.error = error.code ?? "";
  });
  socket.on("data", (bytes: Buffer) => takeHead(client, body, bytes));
  socket.write(request);
  return client;
}

function takeHead(client: { head: string }, body: Received, bytes: Buffer): void {
  if (client.head.endsWith("\r\n\r\n")) {
    body.add(bytes);
    return;
  }
  const text = client.head + bytes.toString("latin1");
  const end = text.indexOf("\r\n\r\n") + 4;
  const rest = end < 4 ? 0 : text.length - end;
  client.head = end < 4 ? text : text.slice(0, end);
  if (rest > 0) body.add(bytes.subarray(bytes.length - rest));
}

const spyOnSplices = ({ processes }: StartedWatchdog) =>
  vi.spyOn(processes as unknown as { splice: () => unknown }, "splice");

const isClosed = (socket: Socket | undefined) => socket?.destroyed === true;

describe.skipIf(noSpawnerReason)(noSpawnerReason ?? "a long answer of an upstream", () => {
  test("goes past Node, whole, and its connections serve the next request", async ({ expect }) => {
    const { watchdog, upstream } = await startProxy(answerWith());
    const splices = spyOnSplices(watchdog);
    const client = await ask(watchdog, toGet());
    await until("all of the body", () => client.body.size === BODY.length);
    expect(client.body.digest).toBe(digestOf(BODY));
    expect(splices).toHaveBeenCalled();
    client.head = "";
    client.socket.write(toGet());
    await until("the second answer", () => client.body.size === 2 * BODY.length);
    expect(client.body.digest).toBe(digestOf(Buffer.concat([BODY, BODY])));
    expect(upstream.asked).toHaveLength(1);
    await until("two lines of the log", () => watchdog.telemetry.invocations.length === 2);
    expect(watchdog.telemetry.invocations.map(({ bytes }) => bytes)).toEqual([
      BODY.length,
      BODY.length,
    ]);
    client.socket.destroy();
  });

  test("reaches a client that pauses, whole", async ({ expect }) => {
    const { watchdog } = await startProxy(answerWith());
    const client = await ask(watchdog, toGet());
    for (let pause = 1; pause <= 3; pause++) {
      await until("some of it", () => client.body.size > pause * 10_000_000);
      client.socket.pause();
      await new Promise((resolve) => setTimeout(resolve, 250));
      client.socket.resume();
    }
    await until("all of the body", () => client.body.size === BODY.length);
    expect(client.body.digest).toBe(digestOf(BODY));
    client.socket.destroy();
  });

  test("that pauses itself comes whole", async ({ expect }) => {
    const half = BODY.length / 2;
    const { watchdog, upstream } = await startProxy(answerWith(half));
    const client = await ask(watchdog, toGet());
    await until("the first half", () => client.body.size === half);
    await new Promise((resolve) => setTimeout(resolve, 250));
    upstream.asked[0]?.socket.write(BODY.subarray(half));
    await until("all of the body", () => client.body.size === BODY.length);
    expect(client.body.digest).toBe(digestOf(BODY));
    client.socket.destroy();
  });

  for (const [how, leave] of Object.entries({
    ends: (socket: Socket) => socket.end(),
    "is reset": (socket: Socket) => socket.resetAndDestroy(),
  })) {
    test(`is cut for the client where it ${how} too early`, async ({ expect }) => {
      const { watchdog, upstream } = await startProxy(answerWith(BODY.length - 1));
      const client = await ask(watchdog, toGet());
      await until("nearly all of it", () => client.body.size > BODY.length / 2);
      leave(upstream.asked[0]?.socket as Socket);
      await until("the end", () => isClosed(client.socket));
      expect(client.error).toBe("ECONNRESET");
      expect(client.body.size).toBeLessThan(BODY.length);
      await until("the log", () => watchdog.telemetry.invocations.length === 1);
    });
  }

  test("G1: is not fetched any further for a client that has left", async ({ expect }) => {
    const { watchdog, upstream } = await startProxy(answerWith(), { max_inflight: "1" });
    const client = await ask(watchdog, toGet());
    await until("some of it", () => client.body.size > 8 * 1024 * 1024);
    client.socket.resetAndDestroy();
    await until("the upstream is told", () => upstream.asked[0]?.isClosed === true);
    const next = await ask(watchdog, toGet());
    await until("the place is free", () => next.head.startsWith("HTTP/1.1 200"));
    expect(upstream.asked).toHaveLength(2);
    next.socket.destroy();
  });

  test("is cut at its deadline", async ({ expect }) => {
    const { watchdog, upstream } = await startProxy(answerWith(BODY.length - 1), {
      exec_timeout: "500ms",
    });
    const client = await ask(watchdog, toGet());
    await until("the end", () => isClosed(client.socket));
    expect(client.error).toBe("ECONNRESET");
    expect(client.body.size).toBeLessThan(BODY.length);
    await until("the upstream is told", () => upstream.asked[0]?.isClosed === true);
  });

  test("is cut where its client takes nothing for write_timeout", async ({ expect }) => {
    const { watchdog, upstream } = await startProxy(answerWith(), { write_timeout: "300ms" });
    const client = await ask(watchdog, toGet());
    await until("some of it", () => client.body.size > 1024 * 1024);
    client.socket.pause();
    await until("the upstream is told", () => upstream.asked[0]?.isClosed === true);
    client.socket.resume();
    await until("the end", () => isClosed(client.socket));
    expect(client.body.size).toBeLessThan(BODY.length);
  });

  test("does not stand in front of what was asked behind it", async ({ expect }) => {
    const { watchdog } = await startProxy(answerWith());
    const client = await ask(watchdog, toGet() + toGet("/", "Connection: close\r\n"));
    await until("the end", () => isClosed(client.socket), 20_000);
    // The second head was counted with the bodies.
    expect(client.body.size).toBeGreaterThan(2 * BODY.length);
    expect(client.error).toBe("");
  });

  test("of a HEAD has no body to splice", async ({ expect }) => {
    const { watchdog } = await startProxy(({ socket }, piece) => {
      if (piece.includes("\r\n\r\n")) socket.write(HEAD);
    });
    const splices = spyOnSplices(watchdog);
    const client = await ask(watchdog, "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    await until("the end", () => isClosed(client.socket));
    expect(client.head).toContain(`Content-Length: ${BODY.length}\r\n`);
    expect(splices).not.toHaveBeenCalled();
  });
});
