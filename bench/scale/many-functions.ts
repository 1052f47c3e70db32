import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Measurement, SoloCase } from "../cases/case.ts";
import { type LoopOptions, runLoop } from "../load/wrk.ts";
import { valueRow } from "../report/row.ts";
import { median, percentile } from "../report/statistics.ts";
import { readMemory } from "../server/memory.ts";
import { readCpuMs } from "../server/processes.ts";
import { BenchGateway } from "./bench-gateway.ts";

const FUNCTIONS = 1_000;
const RUNNING = 10;
const LISTS = 200;
const TURNS = 5;
const LOAD: LoopOptions = { connections: 16, seconds: 3 };
const IDLE_MS = 20_000;
const NAMES = Array.from({ length: FUNCTIONS }, (_, index) => `function-${index}`);

/** A gateway with a thousand functions of which ten run, beside one with one. */
export const manyFunctionsCase: SoloCase = {
  name: "many",
  rows: [
    valueRow(
      "many list p50",
      "1,000 functions, ten running: `GET /system/functions`, p50 of 200",
      "ms",
    ),
    valueRow("many list p99", "the same, p99", "ms", { must: 50, aim: 20 }),
    valueRow("many throughput", "the same: invocations, to those of one function alone", "x", {
      better: "higher",
      must: 0.9,
      aim: 0.97,
    }),
    valueRow("many throughput least", "the same, least of five turns", "x", { better: "higher" }),
    valueRow("one throughput", "one function alone: invocations", "req/s", { better: "higher" }),
    valueRow("many first", "1,000 functions: the first 100 deployed, each", "ms"),
    valueRow("many last", "the same: the last 100, each", "ms"),
    valueRow("many memory", "1,000 functions: the gateway's private memory", "MiB"),
    valueRow("one memory", "one function: the gateway's private memory", "MiB"),
    valueRow("many idle", "1,000 functions: idle CPU in per cent", "", { must: 2, aim: 1 }),
    valueRow("many start", "start with 1,000 functions in data_dir, until it listens", "ms"),
    valueRow("one start", "start with one function", "ms"),
    valueRow("many metrics", "1,000 functions: `GET /metrics`, p50 of 20", "ms"),
    valueRow("many metrics size", "the same, size", "bytes"),
  ],
  async measureOurs(command, { report }): Promise<Measurement> {
    const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), "breeze-bench-")));
    const [one = "", many = ""] = folders;
    try {
      const deployMs = await prepare(command, one, many, report);
      await using oneGateway = await BenchGateway.start({ command, folder: one });
      await using manyGateway = await BenchGateway.start({ command, folder: many });
      await warmUp(oneGateway, ["echo"]);
      await warmUp(manyGateway, NAMES.slice(0, RUNNING));
      report("both are warm");
      const idle = await readIdleCpu(manyGateway);
      const lists = await repeat(LISTS, () => manyGateway.ask("GET", "/system/functions"));
      const metrics = await repeat(20, () => manyGateway.ask("GET", "/metrics"));
      const turns = await takeTurns(oneGateway, manyGateway, report);
      const ratios = turns.map(({ ours, other }) => ours / other);
      return {
        values: {
          "many list p50": percentile(lists.times, 50),
          "many list p99": percentile(lists.times, 99),
          "many throughput": median(ratios),
          "many throughput least": Math.min(...ratios),
          "one throughput": median(turns.map(({ other }) => other)),
          "many first": median(deployMs.slice(0, 100)),
          "many last": median(deployMs.slice(-100)),
          "many memory": readMemory([manyGateway.pid]).anonymous,
          "one memory": readMemory([oneGateway.pid]).anonymous,
          "many idle": idle,
          "many start": manyGateway.startMs,
          "one start": oneGateway.startMs,
          "many metrics": percentile(metrics.times, 50),
          "many metrics size": metrics.bytes,
        },
        notes: [],
      };
    } finally {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** What both are to have in their folders. Gives how long each of the thousand took to be deployed. */
async function prepare(
  command: readonly string[],
  one: string,
  many: string,
  report: (line: string) => void,
): Promise<number[]> {
  {
    await using gateway = await BenchGateway.start({ command, folder: one });
    await gateway.deploy("echo", false);
  }
  await using gateway = await BenchGateway.start({ command, folder: many });
  const times: number[] = [];
  for (const [index, name] of NAMES.entries()) {
    const begun = performance.now();
    await gateway.deploy(name, index >= RUNNING);
    times.push(performance.now() - begun);
  }
  report(`deployed ${FUNCTIONS} functions`);
  return times;
}

async function warmUp(gateway: BenchGateway, names: readonly string[]): Promise<void> {
  for (const name of names) {
    while ((await gateway.countReady(name)) === 0) await sleep(50);
  }
  await load(gateway, names[0] as string, 1);
}

async function readIdleCpu({ pid }: BenchGateway): Promise<number> {
  await sleep(1_000);
  const before = readCpuMs([pid]);
  await sleep(IDLE_MS);
  return ((readCpuMs([pid]) - before) / IDLE_MS) * 100;
}

interface Repeated {
  readonly times: readonly number[];
  readonly bytes: number;
}

async function repeat(
  count: number,
  ask: () => Promise<{ readonly milliseconds: number; readonly body: Buffer }>,
): Promise<Repeated> {
  await ask();
  const times: number[] = [];
  let bytes = 0;
  for (let index = 0; index < count; index++) {
    const { milliseconds, body } = await ask();
    times.push(milliseconds);
    bytes = body.length;
  }
  return { times, bytes };
}

async function takeTurns(
  oneGateway: BenchGateway,
  manyGateway: BenchGateway,
  report: (line: string) => void,
): Promise<{ ours: number; other: number }[]> {
  const turns = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const other = await load(oneGateway, "echo", LOAD.seconds);
    const ours = await load(manyGateway, NAMES[turn] as string, LOAD.seconds);
    report(`turn ${turn + 1}/${TURNS}: one ${other.toFixed(0)}, many ${ours.toFixed(0)}`);
    turns.push({ ours, other });
  }
  return turns;
}

async function load({ port }: BenchGateway, name: string, seconds: number): Promise<number> {
  const path = `/function/${name}`;
  const result = await runLoop({ port, enter: [] }, { ...LOAD, seconds, path });
  if (result.failures > 0) throw new Error(`${name}: ${result.failures} invocations failed`);
  return result.requestsPerSecond;
}
