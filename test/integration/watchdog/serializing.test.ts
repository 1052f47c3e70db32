import { describe, test } from "vitest";
import { startTestWatchdog, toGet } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const MODE = { mode: "serializing" };
const shell = (script: string) => ({
  ...MODE,
  fprocess: `sh -c '${script}'`,
  fprocess_shell_words: "true",
});

describe("serializing", () => {
  test("answers 200 with the output, the configured type and the duration", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ ...MODE, fprocess: "cat" });
    const answer = await watchdog.post("hello", "Content-Type: a/b\r\n");
    expect([answer.status, answer.body]).toEqual([200, "hello"]);
    expect(answer.header("content-type")).toBe("application/octet-stream");
    expect(answer.header("x-duration-seconds")).toMatch(/^\d+\.\d{6}$/);
    const typed = await startTestWatchdog({ ...MODE, content_type: "" });
    expect((await typed.post("hello")).header("content-type")).toBe("");
  });

  test("answers a failure with nothing but its reason, without a line end", async ({ expect }) => {
    const watchdog = await startTestWatchdog(shell("echo out; echo err >&2; exit 3"));
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.body]).toEqual([500, "exit status 3"]);
    expect(answer.header("content-type")).toBe("application/octet-stream");
    expect(answer.header("x-duration-seconds")).toBeDefined();
    await until("the log", () => watchdog.telemetry.errorOutput === "err\n");
    expect(watchdog.telemetry.invocations[0]).toMatchObject({ status: 500, outcome: "exit" });
  });

  test("answers 500 at the deadline, as theirs", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ ...shell("sleep 20"), exec_timeout: "200ms" });
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.body]).toEqual([500, "signal: killed"]);
    expect(answer.header("x-breeze-outcome")).toBe("timeout");
  });

  test("answers 200 where the function does not read its body, every time (G21)", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ ...MODE, fprocess: "true" });
    const body = "x".repeat(300_000);
    for (let count = 0; count < 30; count++) {
      expect((await watchdog.post(body)).status).toBe(200);
    }
  });

  test("blames a body that turns out short, and starts nothing", async ({ expect }) => {
    const watchdog = await startTestWatchdog(MODE);
    const client = await watchdog.connect();
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    client.finish();
    const answer = await client.answer();
    expect([answer.status, answer.body]).toEqual([500, "unexpected EOF"]);
    expect(watchdog.telemetry.processes).toBe(0);
  });

  test("has a body for an answer to HEAD, though none is sent", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ ...MODE, fprocess: "echo hello" });
    const client = await watchdog.connect();
    client.send("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    await client.closed();
    expect(client.received).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(client.received).toContain("Content-Length: 6\r\n");
    expect(client.received.endsWith("\r\n\r\n")).toBe(true);
  });
});
