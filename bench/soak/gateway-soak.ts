import { setTimeout as sleep } from "node:timers/promises";
import { median } from "../report/statistics.ts";
import { BenchGateway } from "../scale/bench-gateway.ts";
import type { Ending } from "../server/server.ts";
import { GatewayClient, type GatewayKind, KINDS } from "./gateway-client.ts";
import { type GatewayRemains, KEPT_ALIVE, readGatewayRemains } from "./gateway-remains.ts";
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

export interface GatewaySoakReport {
  readonly kinds: Readonly<Record<string, KindCount>>;
  /** The first wrong answers, in words. */
  readonly wrong: readonly string[];
  /** After each tenth of the time. */
  readonly remains: readonly GatewayRemains[];
  readonly ending: Ending;
}

const wrongToTell = 20;
const settleMs = 5_000;
const PARTS = 10;
/** The last of what comes once comes late: memory is compared between the middle of the run and its end. */
const MIDDLE = [3, 6] as const;
const END = [7, 10] as const;

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
  for (let part = 0; part < PARTS; part++) {
    const until = performance.now() + (options.minutes * 60_000) / PARTS;
    await Promise.all(Array.from({ length: options.clients }, () => work(until)));
    wrong.push(...(await client.settle()));
    await sleep(settleMs);
    remains.push(readGatewayRemains(gateway));
    options.report(JSON.stringify(remains.at(-1)));
  }
  return { kinds, wrong, remains, ending: await gateway.stop() };
}

/** Everything that must not be, in words; empty: the soak is passed. `memoryGrowth`: how much more the end may have than the middle. */
export function findGatewayFaults(
  { wrong, remains, ending }: GatewaySoakReport,
  { memoryGrowth }: { readonly memoryGrowth: number },
): string[] {
  const [early, late] = [remains[0], remains.at(-1)] as [GatewayRemains, GatewayRemains];
  const memoryOf = (part: readonly [number, number]) =>
    median(remains.slice(...part).map(({ memoryMiB }) => memoryMiB));
  const [before, after] = [memoryOf(MIDDLE), memoryOf(END)];
  const grown = (["descriptors", "processes", "folders"] as const)
    .filter((name) => late[name] > early[name] + (name === "descriptors" ? KEPT_ALIVE : 0))
    .map((name) => `${name} grew from ${early[name]} to ${late[name]}`);
  const faults: [boolean, string][] = [
    [wrong.length > 0, `wrong, first: ${wrong.join("; ")}`],
    [late.zombies > 0, `${late.zombies} zombies`],
    [
      after / before - 1 > memoryGrowth,
      `memory grew from ${before.toFixed(1)} to ${after.toFixed(1)} MiB`,
    ],
    [ending.exitCode !== 0, `the gateway ended with ${ending.exitCode ?? ending.signal}`],
  ];
  return [...grown, ...faults.filter(([isFault]) => isFault).map(([, text]) => text)];
}
