import { describe, test } from "vitest";
import { OK, startProxy } from "../../support/scripted-upstream.ts";
import { toGet, toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n";

describe("a client", () => {
  test("T20: that leaves ends its request at the upstream, and gives its place back (G1)", async ({
    expect,
  }) => {
    const { watchdog, upstream } = await startProxy(() => {}, { max_inflight: "1" });
    for (let count = 0; count < 3; count++) {
      const client = await watchdog.connect();
      client.send(toGet());
      await until("the request", () => upstream.asked.length === count + 1);
      client.reset();
      await until("it is told", () => upstream.asked[count]?.isClosed === true);
      await until("the log line", () => watchdog.telemetry.invocations.length === count + 1);
      expect(watchdog.telemetry.invocations[count]).toMatchObject({
        outcome: "aborted",
        status: 499,
      });
    }
  });

  test("that leaves changes nothing with cancel_on_disconnect=false", async ({ expect }) => {
    const { watchdog, upstream } = await startProxy(() => {}, { cancel_on_disconnect: "false" });
    const client = await watchdog.connect();
    client.send(toPost("body"));
    await until("the request", () => upstream.asked[0]?.received.endsWith("body") ?? false);
    client.reset();
    await until("it is noticed", () => watchdog.telemetry.ended.length === 1);
    expect(upstream.asked[0]?.isClosed).toBe(false);
    expect(watchdog.telemetry.invocations).toEqual([]);
    upstream.asked[0]?.socket.write(OK);
    await until("the end", () => watchdog.telemetry.invocations.length === 1);
  });

  test("that leaves in the middle of its body ends the request, never completes it", async ({
    expect,
  }) => {
    const { watchdog, upstream } = await startProxy(() => {}, { cancel_on_disconnect: "false" });
    const client = await watchdog.connect();
    client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    await until("a part", () => upstream.asked[0]?.received.includes("abc") ?? false);
    client.reset();
    await until("it is told", () => upstream.asked[0]?.isClosed === true);
    expect(upstream.asked[0]?.received).not.toContain("0\r\n\r\n");
  });

  test("T11: that sends too slowly gets 408, and the upstream no whole body", async ({
    expect,
  }) => {
    const { watchdog, upstream } = await startProxy(() => {}, { read_timeout: "300ms" });
    const client = await watchdog.connect();
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    expect((await client.answer()).status).toBe(408);
    await until("it is told", () => upstream.asked.every(({ isClosed }) => isClosed));
  });

  test("T9: that sends more than max_body gets 413, of known length before anybody is asked", async ({
    expect,
  }) => {
    const { watchdog, upstream } = await startProxy(() => {}, { max_body: "10" });
    expect((await watchdog.post("b".repeat(11))).status).toBe(413);
    expect(upstream.asked).toEqual([]);
    const client = await watchdog.connect();
    client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n");
    await until("the request", () => upstream.asked.length === 1);
    client.send("6\r\nabcdef\r\n");
    expect((await client.answer()).status).toBe(413);
    await until("it is told", () => upstream.asked[0]?.isClosed === true);
  });

  test("T12: that reads nothing is not read for, and is cut when write_timeout is over", async ({
    expect,
  }) => {
    let sent = 0;
    const { watchdog } = await startProxy(
      ({ socket }) => {
        socket.write(`${HEAD}Content-Length: 1000000000\r\n\r\n`);
        const piece = Buffer.alloc(64 * 1024);
        const more = () => {
          while (!socket.destroyed && socket.write(piece)) sent += piece.length;
        };
        socket.on("drain", more);
        more();
      },
      { write_timeout: "500ms" },
    );
    const client = await watchdog.connect();
    client.socket.pause();
    client.send(toGet());
    await until("the end of it", () => watchdog.telemetry.invocations.length === 1, 30_000);
    expect(sent).toBeLessThan(100_000_000);
  });
});
