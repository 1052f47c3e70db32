import { setTimeout as sleep } from "node:timers/promises";
import type { Measurement, SoloCase } from "../cases/case.ts";
import { valueRow } from "../report/row.ts";
import { percentile } from "../report/statistics.ts";
import { readMemory, watchMemory } from "../server/memory.ts";
import { BenchGateway } from "./bench-gateway.ts";
import { Counter } from "./counter-function.ts";

const BODY = "x".repeat(100);

/** Ten thousand invocations on disk, and then run: each once. */
export const queueCase: SoloCase = {
  name: "queue",
  rows: [
    valueRow("queue accepted", "queued over HTTP, on disk before 202, c=64: accepted", "req/s", {
      better: "higher",
      must: 1_000,
      aim: 5_000,
    }),
    valueRow("queue accepted p99", "the same: p99 of the answer", "ms"),
    valueRow("queue lost", "of these, lost", "", { must: 0 }),
    valueRow("queue twice", "of these, run more than once", "", { must: 0 }),
    valueRow("queue drained", "drained, 8 at a time", "req/s", { better: "higher" }),
    valueRow("queue sync p99", "meanwhile: p99 of a function that is asked and waited for", "ms"),
    valueRow("queue sync alone", "the same with nothing queued", "ms"),
    valueRow("queue memory", "the gateway's memory at its most, over idle", "MiB"),
    // Whether anything is held is for the soak to say: this has what V8 has not looked at yet.
    valueRow("queue memory growth", "memory after 40,000 over that after 20,000", "x"),
    valueRow("queue mixed", "accepted while they are drained", "req/s", { better: "higher" }),
  ],
  async measureOurs(command, { requests, report }): Promise<Measurement> {
    await using gateway = await BenchGateway.start({ command });
    const counter = await Counter.deploy(gateway);
    await gateway.deploy("echo", false);
    while ((await gateway.countReady("echo")) === 0) await sleep(50);
    await counter.queue(500);
    await counter.untilRun(500);
    await probeWhile(gateway, sleep(500));
    const alone = await probeWhile(gateway, sleep(2_000));
    const idle = readMemory([gateway.pid]).anonymous;
    const watch = watchMemory([gateway.pid]);
    await counter.ask("/hold");
    const held = await counter.queue(requests);
    report(`accepted ${held.callIds.length} at ${held.perSecond.toFixed(0)}/s`);
    await counter.ask("/release");
    const begun = performance.now();
    const beside = await probeWhile(gateway, counter.untilRun(500 + requests));
    const drained = requests / ((performance.now() - begun) / 1e3);
    report(`drained at ${drained.toFixed(0)}/s`);
    const mixed = await counter.queue(requests);
    await counter.untilRun(500 + 2 * requests);
    const accepted = [...held.callIds, ...mixed.callIds];
    const { lost, repeated } = await counter.check(accepted);
    const after = await readSettled(gateway);
    for (let round = 0; round < 2; round++) await counter.queue(requests);
    await counter.untilRun(500 + 4 * requests);
    const later = await readSettled(gateway);
    return {
      values: {
        "queue accepted": held.perSecond,
        "queue accepted p99": percentile(held.latenciesMs, 99),
        "queue lost": lost,
        "queue twice": repeated,
        "queue drained": drained,
        "queue sync p99": percentile(beside, 99),
        "queue sync alone": percentile(alone, 99),
        "queue memory": watch.stop().anonymous - idle,
        "queue memory growth": later / after,
        "queue mixed": mixed.perSecond,
      },
      notes: [held, mixed].flatMap(({ refused }) => (refused > 0 ? [`${refused} refused`] : [])),
    };
  },
};

/** How long a function takes to answer that is asked every so often meanwhile. */
async function probeWhile(gateway: BenchGateway, meanwhile: Promise<void>): Promise<number[]> {
  const times: number[] = [];
  let isOver = false;
  void meanwhile.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const { status, milliseconds } = await gateway.ask("POST", "/function/echo", BODY);
    if (status !== 200) throw new Error(`echo: ${status}`);
    times.push(milliseconds);
    await sleep(10);
  }
  await meanwhile;
  return times;
}

async function readSettled({ pid }: BenchGateway): Promise<number> {
  await sleep(2_000);
  return readMemory([pid]).anonymous;
}
