import { describe, test } from "vitest";
import { compileFixture } from "../../support/compile-fixture.ts";
import { fixture } from "../../support/fixture.ts";
import { startTestWatchdog, toGet } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const CHUNKED = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

describe("the input of a CGI program", () => {
  test("has exactly the bytes of its CONTENT_LENGTH, chunked ones too (G2)", async ({ expect }) => {
    using counts = compileFixture("cgi-counts");
    const watchdog = await startTestWatchdog({ mode: "cgi", fprocess: counts.path });
    for (const size of [1, 11, 65_536, 65_537, 300_000, 3_000_000]) {
      const body = "x".repeat(size);
      const known = await watchdog.post(body);
      expect([known.status, known.body]).toEqual([201, `${size} of ${size}\n`]);
      const chunks = `${size.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
      expect((await watchdog.ask(CHUNKED + chunks)).body).toBe(`${size} of ${size}\n`);
    }
    expect((await watchdog.ask(toGet())).body).toBe("0 of none\n");
    expect((await watchdog.ask(`${CHUNKED}0\r\n\r\n`)).body).toBe("0 of 0\n");
  });

  test("of unknown length is waited for without a process and without a place (T11)", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({
      mode: "cgi",
      fprocess: fixture("cgi/votes"),
      max_inflight: "1",
    });
    const slow = await watchdog.connect();
    slow.send(`${CHUNKED}5\r\nvote=\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await watchdog.ask(toGet())).status).toBe(200);
    expect(watchdog.telemetry.processes).toBe(1);
    slow.send("1\r\nb\r\n0\r\n\r\n");
    const answer = await slow.answer();
    expect([answer.status, answer.header("x-vote")]).toEqual([303, "b"]);
  });

  test("of unknown length is refused beyond max_body before the program starts (T9)", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ mode: "cgi", max_body: "10" });
    const client = await watchdog.connect();
    client.send(`${CHUNKED}5\r\nhello\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 30));
    client.send("6\r\nworld!\r\n");
    expect((await client.answer()).status).toBe(413);
    expect(watchdog.telemetry.processes).toBe(0);
  });

  test("that its client cuts short ends it, and nobody answers", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ mode: "cgi", fprocess: "cat" });
    const client = await watchdog.connect();
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nContent-Type: a/b\n\n");
    await until("the head", () => client.received.includes("a/b"));
    client.finish();
    await until("the record", () => watchdog.telemetry.invocations.length === 1);
    expect(watchdog.telemetry.invocations[0]).toMatchObject({ status: 499, outcome: "aborted" });
  });
});
