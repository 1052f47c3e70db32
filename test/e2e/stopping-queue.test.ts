import { describe, test } from "vitest";
import { createGate, GATED } from "../support/gate.ts";
import { askRaw, RawClient } from "../support/raw-http.ts";
import { Fwatchdog } from "../support/run-fwatchdog.ts";
import { toGet, toPost } from "../support/start-watchdog.ts";
import { until } from "../support/until.ts";

const RUNNING = 20;
const QUEUED = 5;

/** A watchdog whose places and queue are both full. */
async function startFull(variables: Readonly<Record<string, string>>) {
  const gate = createGate();
  const fwatchdog = new Fwatchdog({
    ...GATED,
    max_inflight: String(RUNNING),
    max_queue: String(QUEUED),
    queue_timeout: "0",
    ...variables,
  });
  const port = await fwatchdog.port();
  const clients: RawClient[] = [];
  for (let count = 0; count < RUNNING + QUEUED; count++) {
    const client = await RawClient.connect(port);
    client.send(toPost(String(count), gate.header));
    clients.push(client);
  }
  await until("all have come", async () => (await askRaw(port, toGet("/_/ready"))).status === 429);
  // Places are taken in the order in which requests came.
  return { gate, fwatchdog, port, clients };
}

const statuses = async (clients: readonly RawClient[]) =>
  (await Promise.all(clients.map((client) => client.answer(60_000)))).map(({ status }) => status);

describe("a watchdog that is told to stop (T42)", () => {
  test("finishes what runs, answers what is queued when it stops listening 503 with Retry-After, and exits with 0", async ({
    expect,
  }) => {
    const { gate, fwatchdog, clients } = await startFull({ healthcheck_interval: "300ms" });
    fwatchdog.signal("SIGTERM");
    const first = await Promise.any(clients.map((client) => client.answer(60_000)));
    expect([first.status, first.body]).toEqual([503, "the watchdog is stopping\n"]);
    expect(first.header("retry-after")).toBe("1");
    expect(first.header("connection")).toBe("close");
    gate.open();
    expect(await fwatchdog.ended()).toBe(0);
    const ends = fwatchdog.stderr.match(/"status":\d+/g)?.toSorted();
    expect(ends).toEqual([
      ...new Array<string>(RUNNING).fill('"status":200'),
      ...new Array<string>(QUEUED).fill('"status":503'),
    ]);
  });

  test("keeps the queue until it stops listening, and hurries at each further signal", async ({
    expect,
  }) => {
    const { gate, fwatchdog, port, clients } = await startFull({
      healthcheck_interval: "1h",
      shutdown_timeout: "2h",
    });
    fwatchdog.signal("SIGTERM");
    await until("it is not ready", async () => {
      return (await askRaw(port, toGet("/_/ready"))).status === 503;
    });
    expect((await askRaw(port, toPost("newcomer"))).body).toBe("the queue is full (max_queue=5)\n");
    expect(clients.map(({ received }) => received).join("")).toBe("");
    fwatchdog.signal("SIGTERM");
    await until("the queue is empty", () => {
      return clients.filter(({ received }) => received.includes("503")).length === QUEUED;
    });
    fwatchdog.signal("SIGTERM");
    const all = await statuses(clients);
    expect(all.filter((status) => status === 503)).toHaveLength(QUEUED);
    expect(all.filter((status) => status === 500)).toHaveLength(RUNNING);
    expect(await fwatchdog.ended()).toBe(1);
    gate.open();
  });
});
