import { setTimeout as sleep } from "node:timers/promises";
import type { Measurement, SoloCase } from "../cases/case.ts";
import { type Row, valueRow } from "../report/row.ts";
import { percentile } from "../report/statistics.ts";
import { listFamily } from "../server/processes.ts";
import { BenchGateway } from "./bench-gateway.ts";

const WAKES = 30;
const AT_ONCE = 10;
const ROUNDS = 4;
/** Warm answers to compare with. */
const WARM = 50;

/** A function at zero is asked something: how long until it has answered, the start of its own process within. */
export const wakeCase: SoloCase = {
  name: "wake",
  rows: [
    wakeRow("wake p50", "from zero: first answer, p50 of 30", { must: 300, aim: 150 }),
    wakeRow("wake p95", "the same, p95", { must: 300, aim: 200 }),
    wakeRow("wake max", "the same, slowest"),
    wakeRow("wake warm", "the function's own start in it: p50 of a warm answer"),
    wakeRow("wakes p50", "ten functions woken at once, four times: first answers, p50"),
    wakeRow("wakes p95", "the same, p95"),
  ],
  async measureOurs(command, { report }): Promise<Measurement> {
    await using gateway = await BenchGateway.start({ command });
    const names = Array.from({ length: AT_ONCE }, (_, index) => `echo-${index}`);
    for (const name of names) await gateway.deploy(name, true);
    const idle = listFamily(gateway.pid).length;
    const asleep = async () => {
      while (listFamily(gateway.pid).length > idle) await sleep(20);
    };
    const alone: number[] = [];
    const [first = ""] = names;
    for (let count = 0; count < WAKES; count++) {
      alone.push(await wake(gateway, first));
      if (count === WAKES - 1) break;
      await gateway.scale(first, 0);
      await asleep();
    }
    const warm: number[] = [];
    for (let count = 0; count < WARM; count++) warm.push(await wake(gateway, first));
    report(`alone: ${alone.map((ms) => ms.toFixed(0)).join(" ")}`);
    const together: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all(names.map((name) => gateway.scale(name, 0)));
      await asleep();
      together.push(...(await Promise.all(names.map((name) => wake(gateway, name)))));
    }
    report(`together: ${together.map((ms) => ms.toFixed(0)).join(" ")}`);
    return {
      values: {
        "wake p50": percentile(alone, 50),
        "wake p95": percentile(alone, 95),
        "wake max": Math.max(...alone),
        "wake warm": percentile(warm, 50),
        "wakes p50": percentile(together, 50),
        "wakes p95": percentile(together, 95),
      },
      notes: [],
    };
  },
};

async function wake(gateway: BenchGateway, name: string): Promise<number> {
  const { status, body, milliseconds } = await gateway.ask("POST", `/function/${name}`, "hello");
  if (status !== 200 || String(body) !== "hello") throw new Error(`${name}: ${status} ${body}`);
  return milliseconds;
}

function wakeRow(name: string, title: string, bound: Pick<Row, "must" | "aim"> = {}): Row {
  return valueRow(name, title, "ms", bound);
}
