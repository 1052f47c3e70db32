import { describe, test } from "vitest";
import { enqueue, startBusy } from "../../support/busy-watchdog.ts";
import type { RawClient } from "../../support/raw-http.ts";
import { toGet, toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

describe("max_queue", () => {
  test("has as many wait for a place, in order, and answers one more 503 with Retry-After", async ({
    expect,
  }) => {
    const { gate, watchdog, first } = await startBusy();
    const second = await enqueue(watchdog, toPost("second", "", "/2"));
    expect((await watchdog.ask(toGet("/_/ready"))).status).toBe(200);
    const third = await enqueue(watchdog, toPost("third", "", "/3"));
    expect((await watchdog.ask(toGet("/_/ready"))).status).toBe(429);
    const refused = await watchdog.post("fourth");
    expect([refused.status, refused.body]).toEqual([503, "the queue is full (max_queue=2)\n"]);
    expect(refused.header("retry-after")).toBe("1");
    expect(refused.header("x-breeze-outcome")).toBe("refused");
    expect(watchdog.telemetry.processes).toBe(1);
    gate.open();
    for (const [client, body] of [
      [first, "first"],
      [second, "second"],
      [third, "third"],
    ] as const) {
      expect((await client.answer()).body).toBe(body);
    }
    await until("all ended", () => watchdog.telemetry.invocations.length === 4);
    expect(watchdog.telemetry.invocations.slice(-2).map(({ path }) => path)).toEqual(["/2", "/3"]);
    expect(watchdog.telemetry.invocations[3]?.waitedMs).toBeGreaterThan(0);
    expect(watchdog.telemetry.invocations[0]?.waitedMs).toBeUndefined();
    expect(watchdog.telemetry.waits).toHaveLength(2);
    expect((await watchdog.ask(toGet("/_/ready"))).status).toBe(200);
  });

  test("is bounded in time by queue_timeout: 503 with Retry-After, and nothing was started", async ({
    expect,
  }) => {
    const { watchdog } = await startBusy({ queue_timeout: "100ms" });
    const answer = await watchdog.post("second");
    expect([answer.status, answer.body]).toEqual([
      503,
      "no place was free in time (queue_timeout=100ms)\n",
    ]);
    expect(answer.header("retry-after")).toBe("1");
    expect([watchdog.telemetry.processes, watchdog.telemetry.waiting]).toEqual([1, 0]);
  });

  for (const way of ["FIN", "RST"]) {
    test(`has room again at once for a client that leaves it with a ${way}`, async ({ expect }) => {
      const { gate, watchdog } = await startBusy({ max_queue: "1" });
      const leaving = await enqueue(watchdog, toPost("gone"));
      if (way === "FIN") leaving.finish();
      else leaving.reset();
      await until("it has left", () => watchdog.telemetry.waiting === 0);
      expect(watchdog.telemetry.invocations[0]).toMatchObject({ status: 499, outcome: "aborted" });
      const next = await enqueue(watchdog, toPost("next"));
      gate.open();
      expect((await next.answer()).body).toBe("next");
      expect(watchdog.telemetry.processes).toBe(2);
    });
  }

  test("asks a client that expects to be asked for its body when its turn comes", async ({
    expect,
  }) => {
    const { gate, watchdog, first } = await startBusy();
    const expecting = toPost("hello", "Expect: 100-continue\r\n");
    const client = await enqueue(watchdog, expecting.slice(0, -"hello".length));
    expect((await watchdog.ask(toGet("/_/health"))).status).toBe(200);
    expect(client.received).toBe("");
    gate.open();
    await first.answer();
    await until("it is asked", () => client.received === "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hello");
    expect((await client.answer()).body).toBe("hello");
  });

  test("is no queue for connections: pipelined requests wait for each other first", async ({
    expect,
  }) => {
    const { gate, watchdog } = await startBusy();
    const client = await enqueue(watchdog, toPost("a") + toPost("b") + toPost("c"));
    expect(watchdog.telemetry.waiting).toBe(1);
    gate.open();
    for (const body of ["a", "b", "c"]) expect((await client.answer()).body).toBe(body);
  });
});

describe("queue_fair_by", () => {
  const asUser = (user: string, path: string) => toPost(user, `x-user: ${user}\r\n`, path);

  test("has callers take turns, however many requests of one wait", async ({ expect }) => {
    const { gate, watchdog } = await startBusy({ max_queue: "10", queue_fair_by: "X-User" });
    const clients: RawClient[] = [];
    for (const path of ["/a1", "/a2", "/a3", "/a4", "/b1", "/b2", "/c1"]) {
      clients.push(await enqueue(watchdog, asUser(path[1] as string, path)));
    }
    gate.open();
    for (const client of clients) expect((await client.answer()).status).toBe(200);
    await until("all ended", () => watchdog.telemetry.invocations.length === 8);
    expect(watchdog.telemetry.invocations.map(({ path }) => path)).toEqual([
      "/",
      "/a1",
      "/b1",
      "/c1",
      "/a2",
      "/b2",
      "/a3",
      "/a4",
    ]);
  });

  test("has the caller with most make room in a full queue for one with clearly fewer", async ({
    expect,
  }) => {
    const { gate, watchdog } = await startBusy({ max_queue: "3", queue_fair_by: "X-User" });
    const crowd: RawClient[] = [];
    for (const path of ["/a1", "/a2", "/a3"])
      crowd.push(await enqueue(watchdog, asUser("a", path)));
    const other = await watchdog.connect();
    other.send(asUser("b", "/b1"));
    const pushedOut = await (crowd[2] as RawClient).answer();
    expect([pushedOut.status, pushedOut.header("retry-after")]).toEqual([503, "1"]);
    expect((await watchdog.ask(asUser("b", "/b2"))).status).toBe(503);
    gate.open();
    expect((await other.answer()).body).toBe("b");
    for (const client of crowd.slice(0, 2)) expect((await client.answer()).body).toBe("a");
  });
});
