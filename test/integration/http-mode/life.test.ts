import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { findFreePort } from "../../../bench/server/free-port.ts";
import { fixture } from "../../support/fixture.ts";
import { startHttpFunction } from "../../support/start-http-function.ts";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const READY = toGet("/_/ready");
const HEALTH = toGet("/_/health");

describe("a function that serves HTTP", () => {
  test("G19: is not ready until it listens, and what comes before waits for it", async ({
    expect,
  }) => {
    const { watchdog, notes } = await startHttpFunction({}, { delayMs: 700 });
    expect((await watchdog.ask(READY)).status).toBe(503);
    expect((await watchdog.ask(HEALTH)).status).toBe(200);
    const answers = await Promise.all([watchdog.ask(toGet()), watchdog.post("body")]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(notes()).toEqual(["started", "listening"]);
    expect((await watchdog.ask(READY)).status).toBe(200);
  });

  test("G19: is waited for no longer than exec_timeout", async ({ expect }) => {
    const { watchdog } = await startHttpFunction({ exec_timeout: "200ms" }, { delayMs: 3_600_000 });
    expect((await watchdog.ask(toGet())).status).toBe(504);
  });

  test("can be reached over TCP too", async ({ expect }) => {
    const port = await findFreePort();
    const watchdog = await startTestWatchdog({
      mode: "http",
      fprocess: `${process.execPath} ${fixture("serves-http.ts")} ${port}`,
      upstream_url: `http://127.0.0.1:${port}`,
    });
    expect((await watchdog.ask(toGet())).body).toMatch(/^\d+$/);
  });

  for (const path of ["/exit?code=0", "/exit?code=3", "/abort"]) {
    test(`G6: that ends by ${path} is started again; meanwhile health says so`, async ({
      expect,
    }) => {
      const { watchdog, notes } = await startHttpFunction();
      const lock = join(watchdog.folder, ".lock");
      const first = (await watchdog.ask(toGet())).body;
      expect((await watchdog.ask(toPost("", "", path))).status).toBe(500);
      await until("health says so", async () => (await watchdog.ask(HEALTH)).status === 503);
      expect([existsSync(lock), (await watchdog.ask(READY)).status]).toEqual([false, 503]);
      await until("it is back", async () => (await watchdog.ask(READY)).status === 200);
      expect([existsSync(lock), (await watchdog.ask(HEALTH)).status]).toEqual([true, 200]);
      expect((await watchdog.ask(toGet())).body).not.toBe(first);
      expect(notes().filter((line) => line === "started").length).toBe(2);
      expect(watchdog.telemetry.messages.join("\n")).toMatch(
        /Forked function has terminated: (exit status|signal: )/,
      );
    });
  }

  test("that ends at once is started less and less often, and its callers are told", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({
      mode: "http",
      fprocess: "false",
      upstream_url: "http://127.0.0.1:1",
    });
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.header("retry-after")]).toEqual([503, "1"]);
    const pauses = () =>
      watchdog.telemetry.messages.flatMap((line) => /again in (\d+) ms/.exec(line)?.[1] ?? []);
    await until("some starts", () => pauses().length >= 3);
    expect(pauses().slice(0, 3)).toEqual(["100", "200", "400"]);
  });

  test("G23: is asked at ready_path, also with http_buffer_req_body, as whoever asks", async ({
    expect,
  }) => {
    const { watchdog } = await startHttpFunction({
      ready_path: "/warm?now",
      http_buffer_req_body: "true",
    });
    await until("ready", async () => (await watchdog.ask(READY)).status === 203);
    expect((await watchdog.ask(toGet("/_/ready", "X-A: unwell\r\n"))).status).toBe(418);
    expect((await watchdog.ask(READY.replace("GET", "HEAD"))).status).toBe(405);
    expect(watchdog.telemetry.invocations).toEqual([]);
  });

  test("with ready_path is ready when that answers, not when it listens", async ({ expect }) => {
    const { watchdog } = await startHttpFunction({ ready_path: "/nowhere", exec_timeout: "1h" });
    await until("ready", async () => (await watchdog.ask(READY)).status === 200);
    const never = await startHttpFunction({ ready_path: "/exit?code=1" });
    await until("it has been asked", () => never.notes().includes("listening"));
    expect((await never.watchdog.ask(READY)).status).toBe(503);
  });
});

describe("a stop", () => {
  test("G6: lets the function finish what is in flight before it is signalled", async ({
    expect,
  }) => {
    const { watchdog, notes } = await startHttpFunction({ healthcheck_interval: "0" });
    await watchdog.ask(toGet());
    const answer = watchdog.ask(toGet("/slow?ms=500"));
    await until("it is in flight", () => watchdog.telemetry.inFlight === 1);
    const drained = watchdog.watchdog.signal("SIGTERM");
    const { status, body } = await answer;
    expect([status, body, notes()]).toEqual([200, "slow", ["started", "listening"]]);
    expect(await drained).toBe(true);
    expect(notes().at(-1)).toBe("TERM");
  });

  test("kills a function that does not end when it is told to", async ({ expect }) => {
    const { watchdog, notes } = await startHttpFunction(
      { healthcheck_interval: "0", term_grace: "100ms" },
      { noteFile: "stubborn" },
    );
    await watchdog.ask(toGet());
    expect(await watchdog.watchdog.signal("SIGTERM")).toBe(true);
    expect(notes().at(-1)).toBe("TERM");
    expect(watchdog.telemetry.outcomes.length).toBe(1);
  });

  test("cuts what is still in flight when shutdown_timeout is over, and ends the function with TERM", async ({
    expect,
  }) => {
    const { watchdog, notes } = await startHttpFunction({
      healthcheck_interval: "0",
      shutdown_timeout: "300ms",
    });
    const client = await watchdog.connect();
    client.send(toGet("/slow?ms=3600000"));
    await until("it is in flight", () => watchdog.telemetry.inFlight === 1);
    await until("it listens", () => notes().includes("listening"));
    expect(await watchdog.watchdog.signal("SIGTERM")).toBe(false);
    expect(notes().at(-1)).toBe("TERM");
    await client.closed();
  });
});
