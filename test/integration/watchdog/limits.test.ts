import { readdirSync } from "node:fs";
import { describe, test } from "vitest";
import { spooledBytes } from "../../support/spooled-bytes.ts";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const WAITS = {
  fprocess: "sh -c 'sleep $Http_X_Sleep; cat'",
  fprocess_shell_words: "true",
};

describe("max_inflight", () => {
  test("refuses one more with 429, word for word as theirs, and holds no place for it", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ ...WAITS, max_inflight: "1" });
    const slow = watchdog.post("slow", "X-Sleep: 1\r\n");
    await until("the first runs", () => watchdog.telemetry.processes === 1);
    const client = await watchdog.connect();
    for (let count = 0; count < 3; count++) {
      client.send(toPost("x", "X-Sleep: 0\r\n"));
      const refused = await client.answer();
      expect([refused.status, refused.body]).toEqual([
        429,
        "Concurrent request limit exceeded. Max concurrent requests: 1\n",
      ]);
      expect(refused.header("content-type")).toBe("text/plain");
      expect(refused.header("x-openfaas-internal")).toBe("faas-middleware");
      expect(refused.header("retry-after")).toBeUndefined();
    }
    expect((await slow).body).toBe("slow");
    await until("the place is free", () => watchdog.telemetry.invocations.length === 4);
    expect((await watchdog.post("again", "X-Sleep: 0\r\n")).body).toBe("again");
  });

  test("never holds up health, and has readiness say 429", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ ...WAITS, max_inflight: "1" });
    const client = await watchdog.connect();
    client.send(toPost("slow", "X-Sleep: 20\r\n"));
    await until("the first runs", () => watchdog.telemetry.processes === 1);
    expect((await watchdog.ask(toGet("/_/health"))).status).toBe(200);
    expect((await watchdog.ask(toGet("/_/ready"))).status).toBe(429);
    client.reset();
    await until("ready", async () => (await watchdog.ask(toGet("/_/ready"))).status === 200);
  });

  test("keeps the place of a request until nothing of its session is left", async ({ expect }) => {
    const watchdog = await startTestWatchdog({
      fprocess: "sh -c 'trap \"\" TERM; sleep 20; sleep 20'",
      fprocess_shell_words: "true",
      max_inflight: "1",
      exec_timeout: "200ms",
      term_grace: "1s",
    });
    expect((await watchdog.ask(toGet())).status).toBe(408);
    expect((await watchdog.ask(toGet())).status).toBe(429);
    await until("the place is free", async () => (await watchdog.ask(toGet())).status === 408);
  });

  test("has its place back from refusals of every kind", async ({ expect }) => {
    const watchdog = await startTestWatchdog({
      fprocess: "cat",
      max_inflight: "1",
      max_body: "10",
    });
    for (let count = 0; count < 3; count++) {
      expect((await watchdog.post("x".repeat(11))).status).toBe(413);
      expect((await watchdog.ask(toGet().replace("GET", "OPTIONS"))).status).toBe(405);
      expect((await watchdog.ask(toGet("/", `X-A: ${"a".repeat(200_000)}\r\n`))).status).toBe(431);
    }
    expect((await watchdog.post("fine")).body).toBe("fine");
  });
});

describe("max_body (T9)", () => {
  test("refuses a longer body with 413 before the function starts, at whatever length", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat", max_body: "1MB" });
    const client = await watchdog.connect();
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000000\r\n\r\nabc");
    expect((await client.answer()).status).toBe(413);
    expect(await client.closed()).toBe("fin");
    expect(watchdog.telemetry.processes).toBe(0);
  });

  test("counts the bytes of a chunked body as they come", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat", max_body: "100KB" });
    const client = await watchdog.connect();
    client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    const chunk = `8000\r\n${"x".repeat(0x8000)}\r\n`;
    for (let count = 0; count < 4; count++) client.send(chunk);
    expect((await client.answer()).status).toBe(413);
    expect(watchdog.telemetry.processes).toBe(0);
  });

  test("lets a body of exactly that size pass", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat", max_body: "5" });
    expect((await watchdog.post("hello")).body).toBe("hello");
    const chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    expect((await watchdog.ask(`${chunked}5\r\nhello\r\n0\r\n\r\n`)).body).toBe("hello");
    expect((await watchdog.ask(`${chunked}6\r\nhello!\r\n0\r\n\r\n`)).status).toBe(413);
  });
});

describe("max_output (T13)", () => {
  for (const mode of ["classic", "serializing"]) {
    test(`answers 502 and ends the function, in ${mode}`, async ({ expect }) => {
      const watchdog = await startTestWatchdog({
        ...(mode === "classic" ? {} : { mode }),
        fprocess: "yes",
        max_output: "1MB",
      });
      const answer = await watchdog.ask(toGet());
      expect(answer.status).toBe(502);
      expect(answer.header("x-breeze-outcome")).toBe("output-too-large");
      await until("the end", () => watchdog.telemetry.outcomes[0]?.kind === "outputTooLarge");
    });
  }
});

test("a large body waits in a file without a name until it is whole (G20)", async ({ expect }) => {
  const watchdog = await startTestWatchdog({ fprocess: "wc -c" });
  const client = await watchdog.connect();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n");
  client.send("x".repeat(4_999_999));
  await until("most of it is in the file", () => spooledBytes(watchdog.folder) > 3_500_000);
  expect(readdirSync(watchdog.folder)).toEqual([".lock"]);
  expect(watchdog.telemetry.processes).toBe(0);
  client.send("x");
  expect((await client.answer()).body.trim()).toBe("5000000");
  await until("the file is closed", () => spooledBytes(watchdog.folder) === 0);
});

test("the file of a large body is closed when its client leaves", async () => {
  const watchdog = await startTestWatchdog({ fprocess: "wc -c" });
  const client = await watchdog.connect();
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n");
  client.send("x".repeat(4_000_000));
  await until("there is a file", () => spooledBytes(watchdog.folder) > 0);
  client.reset();
  await until("the file is closed", () => spooledBytes(watchdog.folder) === 0);
});

test("a large body stays in memory, with one warning, where no file can be made", async ({
  expect,
}) => {
  const watchdog = await startTestWatchdog({
    fprocess: "wc -c",
    TMPDIR: "/etc/passwd/no-folder",
    suppress_lock: "true",
  });
  for (let count = 0; count < 2; count++) {
    expect((await watchdog.post("x".repeat(3_000_000))).body.trim()).toBe("3000000");
  }
  expect(watchdog.telemetry.messages.filter((line) => /in memory/.test(line))).toHaveLength(1);
});
