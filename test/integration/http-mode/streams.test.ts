import { get } from "node:http";
import { describe, test } from "vitest";
import { always, startProxy } from "../../support/scripted-upstream.ts";
import { toGet } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const stream = (type: string) =>
  `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`;
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

describe("a stream", () => {
  for (const type of [
    "text/event-stream; charset=utf-8",
    "application/x-ndjson",
    "APPLICATION/NDJSON",
  ]) {
    test(`of ${type} outlives exec_timeout, and each event arrives as it is sent`, async ({
      expect,
    }) => {
      const { watchdog, upstream } = await startProxy(always(stream(type)), {
        exec_timeout: "200ms",
      });
      const client = await watchdog.connect();
      client.send(toGet());
      await until("the head", () => client.received.endsWith("\r\n\r\n"));
      for (let event = 0; event < 5; event++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        upstream.asked[0]?.socket.write(chunk(`data: ${event}\n\n`));
        await until("the event", () => client.received.endsWith(chunk(`data: ${event}\n\n`)));
      }
      upstream.asked[0]?.socket.write("0\r\n\r\n");
      const { headers } = await client.answer();
      expect(headers.map(([name]) => name)).not.toContain("X-Duration-Seconds");
    });
  }

  test("that is silent for stream_idle_timeout is cut", async ({ expect }) => {
    const { watchdog, upstream } = await startProxy(
      always(stream("text/event-stream") + chunk("data: 1\n\n")),
      { stream_idle_timeout: "200ms" },
    );
    const client = await watchdog.connect();
    client.send(toGet());
    expect(await client.closed()).toBe("reset");
    await until("the upstream is told", () => upstream.asked[0]?.isClosed === true);
  });

  test("that goes on longer than stream_timeout is cut", async ({ expect }) => {
    const { watchdog } = await startProxy(
      ({ socket }) => {
        socket.write(stream("text/event-stream"));
        const timer = setInterval(() => socket.write(chunk("data\n\n")), 20);
        socket.on("close", () => clearInterval(timer));
      },
      { stream_timeout: "300ms", stream_idle_timeout: "1h" },
    );
    const client = await watchdog.connect();
    client.send(toGet());
    expect(await client.closed()).toBe("reset");
  });

  test("G1: whose client leaves gives its place back", async ({ expect }) => {
    const { watchdog, upstream } = await startProxy(always(stream("text/event-stream")), {
      max_inflight: "1",
    });
    for (let count = 0; count < 3; count++) {
      const client = await watchdog.connect();
      client.send(toGet("/", "Accept: text/event-stream\r\n"));
      await until("the head", () => client.received.startsWith("HTTP/1.1 200"));
      expect((await watchdog.ask(toGet())).status).toBe(429);
      expect((await watchdog.ask(toGet("/_/ready"))).status).toBe(429);
      client.reset();
      await until("the upstream is told", () => upstream.asked[count]?.isClosed === true);
      await until("the place is free", () => watchdog.telemetry.inFlight === 0);
    }
    await until("ready", async () => (await watchdog.ask(toGet("/_/ready"))).status === 200);
  });

  test("G15: that cannot begin is no 200", async ({ expect }) => {
    const { watchdog } = await startProxy(({ socket }) => socket.resetAndDestroy());
    const answer = await watchdog.ask(toGet("/", "Accept: text/event-stream\r\n"));
    expect([answer.status, answer.body]).toEqual([500, ""]);
  });

  test("is what a real client of events takes it for", async ({ expect }) => {
    const { watchdog, upstream } = await startProxy(always(stream("text/event-stream")));
    const events: string[] = [];
    const request = get(
      { port: watchdog.port, headers: { Accept: "text/event-stream" } },
      (answer) => answer.setEncoding("utf8").on("data", (text: string) => events.push(text)),
    );
    await until("the request", () => upstream.asked.length === 1);
    upstream.asked[0]?.socket.write(chunk("data: one\n\n"));
    await until("an event", () => events.length === 1);
    request.destroy();
    expect(events).toEqual(["data: one\n\n"]);
  });
});
