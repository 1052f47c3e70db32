import fc from "fast-check";
import { describe, test } from "vitest";
import { createGate, GATED } from "../../support/gate.ts";
import { type StartedWatchdog, startTestWatchdog, toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const PLACES = 3;
const QUEUE = 10;

/** What one client does; times are in milliseconds from the beginning of the test. */
const clients = fc.record({
  at: fc.nat(400),
  user: fc.constantFrom("a", "b", "c"),
  body: fc.constantFrom(0, 5, 100_000, 2_000_000),
  /** It sends the end of its body so much later. */
  pause: fc.constantFrom(0, 0, 0, 30),
  xTimeout: fc.constantFrom("", "", "", "X-Timeout: 40ms\r\n"),
  leaves: fc.constantFrom("never", "never", "FIN", "RST"),
  after: fc.nat(100),
});
type Client = typeof clients extends fc.Arbitrary<infer One> ? One : never;

const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Its status; `undefined` where it left. Whoever stays has an answer, whole and right, or cut by its own deadline. */
async function play(watchdog: StartedWatchdog, client: Client): Promise<number | undefined> {
  await pass(client.at);
  const socket = await watchdog.connect();
  const body = "x".repeat(client.body);
  const request = toPost(body, `X-User: ${client.user}\r\n${client.xTimeout}`);
  socket.send(request.slice(0, -1));
  await pass(client.pause);
  socket.send(request.slice(-1));
  if (client.leaves !== "never") {
    await pass(client.after);
    if (client.leaves === "FIN") socket.socket.destroy();
    else socket.reset();
    return undefined;
  }
  const isOwnDoing = () => client.xTimeout !== "" && socket.ending === "reset";
  const answer = await socket.answer(60_000).catch((error) => {
    if (isOwnDoing()) return undefined;
    throw error;
  });
  if (answer?.status === 200 && answer.body !== body) throw new Error("not its answer");
  return answer?.status;
}

describe("with clients who come, dawdle, leave and give up as they like", () => {
  for (const mode of ["classic", "streaming"]) {
    test(`no more run than may, all who stay are answered, and no place is lost, in ${mode}`, async ({
      expect,
    }) => {
      const watchdog = await startTestWatchdog({
        ...(mode === "classic" ? {} : { mode }),
        ...GATED,
        exec_timeout: "50s",
        max_inflight: String(PLACES),
        max_queue: String(QUEUE),
        queue_timeout: "200ms",
        queue_fair_by: "X-User",
      });
      const { telemetry } = watchdog;
      let most = 0;
      const start = telemetry.processStarting.bind(telemetry);
      telemetry.processStarting = () => {
        start();
        most = Math.max(most, telemetry.processes - telemetry.outcomes.length);
      };
      const crowds = fc.array(clients, { minLength: 60, maxLength: 60 });
      for (const crowd of fc.sample(crowds, { seed: 42, numRuns: 2 })) {
        const statuses = await Promise.all(crowd.map((client) => play(watchdog, client)));
        const allowed = [undefined, 200, 503, mode === "classic" ? 408 : 500];
        expect(statuses.filter((status) => !allowed.includes(status))).toEqual([]);
        await until("all is over", () => telemetry.inFlight === 0 && telemetry.waiting === 0);
        await until("nothing is left", () => telemetry.processes === telemetry.outcomes.length);
      }
      expect(most).toBe(PLACES);
      const gate = createGate();
      const last = Array.from({ length: PLACES }, () => watchdog.post("x", gate.header));
      const running = () => telemetry.processes - telemetry.outcomes.length;
      await until("all places are taken again", () => running() === PLACES);
      gate.open();
      for (const { status } of await Promise.all(last)) expect(status).toBe(200);
    });
  }
});
