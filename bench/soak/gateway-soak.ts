import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BenchGateway } from "../scale/bench-gateway.ts";
import { readMemory } from "../server/memory.ts";
import { countDescriptors, listFamily, listProcesses } from "../server/processes.ts";
import type { Ending } from "../server/server.ts";
import { GatewayClient, type GatewayKind, KINDS } from "./gateway-client.ts";
import { createMixture } from "./mixture.ts";
import { createRandom } from "./random.ts";
import type { KindCount } from "./report.ts";

export interface GatewaySoakOptions {
  readonly command: readonly string[];
  readonly minutes: number;
  readonly clients: number;
  /** The same seed draws the same requests. */
  readonly seed: number;
  report(line: string): void;
}

/** What is there when nobody asks anything. */
interface GatewayRemains {
  /** Of the gateway's own process. */
  readonly descriptors: number;
  readonly zombies: number;
  /** The gateway and all that descends from it: its replicas, and what these run. */
  readonly processes: number;
  /** Of replicas, and of logs. */
  readonly folders: number;
  readonly memoryMiB: number;
}

export interface GatewaySoakReport {
  readonly kinds: Readonly<Record<string, KindCount>>;
  /** The first wrong answers, in words. */
  readonly wrong: readonly string[];
  /** After a tenth of the time, and behind all. */
  readonly early: GatewayRemains;
  readonly late: GatewayRemains;
  readonly ending: Ending;
}

const wrongToTell = 20;
const settleMs = 5_000;
/** Connections, of clients and to replicas, of which there are as many as were ever needed at a time. */
const KEPT_ALIVE = 32;
/** A tenth, for what comes once; then the rest. */
const parts = [0.1, 0.9];

/** Mixed work for a gateway of its own: asked, queued, woken, deployed and removed, and what is left of it afterwards. */
export async function runGatewaySoak(options: GatewaySoakOptions): Promise<GatewaySoakReport> {
  await using gateway = await BenchGateway.start({ command: options.command });
  const client = await GatewayClient.create(gateway);
  const kinds: Record<string, KindCount> = {};
  const wrong: string[] = [];
  const random = createRandom(options.seed);
  const draw = createMixture<GatewayKind>(KINDS, random);
  const work = async (until: number) => {
    while (performance.now() < until) {
      const kind = draw();
      kinds[kind.name] ??= { sent: 0, wrong: 0, slowestMs: 0 };
      const count = kinds[kind.name] as KindCount;
      const begun = performance.now();
      const fault = await client.act(kind.name).catch((error: Error) => error.message);
      count.sent++;
      count.slowestMs = Math.max(count.slowestMs, performance.now() - begun);
      if (fault === undefined) continue;
      count.wrong++;
      if (wrong.length < wrongToTell) wrong.push(`${kind.name}: ${fault}`);
    }
  };
  const remains: GatewayRemains[] = [];
  for (const part of parts) {
    const until = performance.now() + options.minutes * 60_000 * part;
    await Promise.all(Array.from({ length: options.clients }, () => work(until)));
    wrong.push(...(await client.settle()));
    await sleep(settleMs);
    remains.push(readGatewayRemains(gateway));
    options.report(JSON.stringify(remains.at(-1)));
  }
  const [early, late] = remains as [GatewayRemains, GatewayRemains];
  return { kinds, wrong, early, late, ending: await gateway.stop() };
}

function readGatewayRemains({ pid, folder }: BenchGateway): GatewayRemains {
  const count = (name: string) => readdirSync(join(folder, "local", name)).length;
  return {
    descriptors: countDescriptors(pid),
    zombies: listProcesses().filter(({ parent, state }) => parent === pid && state === "Z").length,
    processes: listFamily(pid).length,
    folders: count("replicas") + count("logs"),
    memoryMiB: readMemory([pid]).anonymous,
  };
}

/** Everything that must not be, in words; empty: the soak is passed. `memoryGrowth`: how much more the end may have. */
export function findGatewayFaults(
  { wrong, early, late, ending }: GatewaySoakReport,
  { memoryGrowth }: { readonly memoryGrowth: number },
): string[] {
  const grown = (["descriptors", "processes", "folders"] as const)
    .filter((name) => late[name] > early[name] + (name === "descriptors" ? KEPT_ALIVE : 0))
    .map((name) => `${name} grew from ${early[name]} to ${late[name]}`);
  const memory = [early.memoryMiB, late.memoryMiB].map((value) => value.toFixed(1));
  const faults: [boolean, string][] = [
    [wrong.length > 0, `wrong, first: ${wrong.join("; ")}`],
    [late.zombies > 0, `${late.zombies} zombies`],
    [
      late.memoryMiB / early.memoryMiB - 1 > memoryGrowth,
      `memory grew from ${memory[0]} to ${memory[1]} MiB`,
    ],
    [ending.exitCode !== 0, `the gateway ended with ${ending.exitCode ?? ending.signal}`],
  ];
  return [...grown, ...faults.filter(([isFault]) => isFault).map(([, text]) => text)];
}
