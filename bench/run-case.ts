import type { Case, CaseSettings, Measurement, SoloCase, SoloSettings } from "./cases/case.ts";
import type { Values } from "./report/row.ts";
import { type Isolation, type Server, startServer } from "./server/server.ts";

/** One of the two that take turns. */
export interface Side {
  readonly name: string;
  readonly command: readonly string[];
  /** Instead of the case's. */
  readonly environment?: Case["environment"] | undefined;
  /** The only one that it listens on. */
  readonly fixedPort?: number | undefined;
}

/** What a case came to. */
export interface CaseResult {
  readonly name: string;
  /** Whom ours is compared with; `undefined`: nobody. */
  readonly against: string | undefined;
  readonly rounds: readonly RoundValues[];
  readonly notes: readonly string[];
}

export interface RoundValues {
  readonly ours: Values;
  readonly theirs: Values | undefined;
}

export interface RunOptions extends CaseSettings {
  readonly rounds: number;
  readonly isolation: Isolation;
  /** Says how far it is. */
  report(line: string): void;
}

/** Measures ours and the other side in turn, as many times as there are rounds. */
export async function runCase(
  bench: Case,
  ours: Side,
  peer: Side | undefined,
  options: RunOptions,
): Promise<CaseResult> {
  await using servers = new AsyncDisposableStack();
  const turns = [await prepareServer(bench, ours, options, servers)];
  if (peer) turns.push(await prepareServer(bench, peer, options, servers));
  else if (bench.floor) turns.push(prepareFloor(bench.floor, options));

  const notes: string[] =
    turns.length > 1 ? [] : [`compared with nobody: there is no --peer ${bench.peer}=PATH`];
  const rounds: RoundValues[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const measured: Values[] = [];
    for (const turn of turns) {
      const { values, notes: said } = await turn.measure();
      measured.push(values);
      notes.push(...said.map((note) => `${turn.name}: ${note}`));
      options.report(`${bench.name} ${round + 1}/${options.rounds} ${turn.name}: ${show(values)}`);
    }
    rounds.push({ ours: measured[0] ?? {}, theirs: measured[1] });
  }
  return { name: bench.name, against: turns[1]?.name, rounds, notes: [...new Set(notes)] };
}

/** Measures what is measured at ours alone. */
export async function runSoloCase(
  bench: SoloCase,
  ours: Side,
  settings: SoloSettings,
): Promise<CaseResult> {
  const { values, notes } = await bench.measureOurs(ours.command, settings);
  settings.report(`${bench.name} ${ours.name}: ${show(values)}`);
  const rounds = [{ ours: values, theirs: undefined }];
  return { name: bench.name, against: undefined, rounds, notes };
}

interface Turn {
  readonly name: string;
  measure(): Promise<Measurement>;
}

async function prepareServer(
  bench: Case,
  { environment = bench.environment, ...side }: Side,
  options: RunOptions,
  servers: AsyncDisposableStack,
): Promise<Turn> {
  const { name } = side;
  const { isolation } = options;
  const start = () => startServer({ ...side, environment, upstream: bench.upstream, isolation });
  if (bench.freshServers) return { name, measure: () => measureFresh(bench, start, options) };
  const server = await start();
  servers.defer(async () => void (await server.stop()));
  // Caches fill, code is compiled, pools grow.
  await bench.measure(server, { seconds: Math.min(options.seconds, 2) });
  return { name, measure: () => bench.measure(server, options) };
}

async function measureFresh(
  bench: Case,
  start: () => Promise<Server>,
  settings: CaseSettings,
): Promise<Measurement> {
  const server = await start();
  try {
    return await bench.measure(server, settings);
  } finally {
    await server.stop();
  }
}

function prepareFloor(floor: NonNullable<Case["floor"]>, options: RunOptions): Turn {
  const { seconds, isolation } = options;
  return {
    name: "floor",
    measure: async () => ({
      values: await floor({ seconds, cpuGroups: isolation.cpuGroups }),
      notes: [],
    }),
  };
}

function show(values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
    .join(", ");
}
