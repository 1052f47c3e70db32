import { describe, test } from "vitest";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const shell = (script: string) => ({
  fprocess: `sh -c '${script}'`,
  fprocess_shell_words: "true",
});

describe("the record of an invocation", () => {
  test("has what was asked, what was answered, how it ended and what it cost", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    const headers = "User-Agent: curl/8\r\nX-Call-Id: abc\r\n";
    await watchdog.ask(toPost("hello", headers, "/a%20b?c=d"));
    await until("the record", () => watchdog.telemetry.invocations.length === 1);
    const [record] = watchdog.telemetry.invocations;
    expect(record).toMatchObject({
      method: "POST",
      path: "/a%20b",
      target: "/a%20b?c=d",
      status: 200,
      bytes: 5,
      outcome: "ok",
      callId: "abc",
      userAgent: "curl/8",
    });
    expect(record?.bill?.pid).toBeGreaterThan(0);
    expect(record?.milliseconds).toBeGreaterThan(0);
  });

  test("of a failure has its word and its detail", async ({ expect }) => {
    const watchdog = await startTestWatchdog(shell("exit 3"));
    await watchdog.ask(toGet());
    await until("the record", () => watchdog.telemetry.invocations.length === 1);
    expect(watchdog.telemetry.invocations[0]).toMatchObject({ outcome: "exit", detail: "3" });
  });

  test("of a refusal has no bill", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat", max_body: "1" });
    await watchdog.post("hello");
    expect(watchdog.telemetry.invocations[0]).toMatchObject({
      status: 413,
      outcome: "refused",
      bill: undefined,
    });
  });

  test("is there for each request, and counted once", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    await Promise.all(Array.from({ length: 40 }, (_, index) => watchdog.post(`${index}`)));
    await until("the records", () => watchdog.telemetry.invocations.length === 40);
    expect(watchdog.telemetry.ended).toHaveLength(40);
    expect(watchdog.telemetry.inFlight).toBe(0);
    expect(watchdog.telemetry.processes).toBe(40);
    expect(watchdog.telemetry.outcomes).toHaveLength(40);
  });
});

describe("Server-Timing", () => {
  const METRICS =
    /^start;dur=[\d.]+, process;dur=[\d.]+, user;dur=[\d.]+, system;dur=[\d.]+, rss;desc="\d+ KiB"$/;

  for (const mode of ["classic", "serializing"]) {
    test(`says with server_timing=true what the process cost, in ${mode}`, async ({ expect }) => {
      const watchdog = await startTestWatchdog({
        ...(mode === "classic" ? {} : { mode }),
        fprocess: "cat",
        server_timing: "true",
      });
      const answer = await watchdog.post("hello");
      expect(answer.header("server-timing")).toMatch(METRICS);
    });
  }

  test("is a trailer in streaming, where an answer can have one", async ({ expect }) => {
    const watchdog = await startTestWatchdog({
      mode: "streaming",
      fprocess: "cat",
      server_timing: "true",
    });
    const client = await watchdog.connect();
    client.send(toPost("hello"));
    await until("the end", () => /\r\n0\r\n(.+\r\n)?\r\n$/.test(client.received));
    expect(client.received).toContain("Trailer: Server-Timing\r\n");
    expect(client.received).toMatch(/\r\n0\r\nServer-Timing: start;dur=[^\r]+\r\n\r\n$/);
    expect((await watchdog.ask("POST / HTTP/1.0\r\n\r\n")).status).toBe(200);
    const head = await watchdog.connect();
    head.send("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    await head.closed();
    expect(head.received).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("is not there unless it is asked for", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    expect((await watchdog.post("hello")).header("server-timing")).toBeUndefined();
  });
});

describe("a function that misbehaves", () => {
  test("with endless error output is ended at its deadline, and holds up nobody (T14)", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({
      ...shell("if [ -z $Http_X_Quiet ]; then exec yes >&2; fi; echo quiet"),
      combine_output: "false",
      exec_timeout: "500ms",
    });
    const [loud, quiet] = await Promise.all([
      watchdog.ask(toGet()),
      watchdog.ask(toGet("/", "X-Quiet: 1\r\n")),
    ]);
    expect([loud.status, quiet.body]).toEqual([408, "quiet\n"]);
  });

  test("by ignoring SIGTERM is killed after term_grace (T19)", async ({ expect }) => {
    const watchdog = await startTestWatchdog({
      ...shell('trap "" TERM; sleep 30; sleep 30'),
      exec_timeout: "200ms",
      term_grace: "200ms",
    });
    expect((await watchdog.ask(toGet())).status).toBe(408);
    await until("it is gone", () => watchdog.telemetry.outcomes.length === 1, 5_000);
  });
});

test("a compressed body reaches the function as it came (T10)", async ({ expect }) => {
  const watchdog = await startTestWatchdog({ fprocess: "cat" });
  const body = "\x1f\x8b\x08not really gzip";
  expect((await watchdog.post(body, "Content-Encoding: gzip\r\n")).body).toBe(body);
});
