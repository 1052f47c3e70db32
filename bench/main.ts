import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cases } from "./cases/all.ts";
import type { Case, SoloCase } from "./cases/case.ts";
import { findWrk } from "./load/wrk.ts";
import { type BenchOptions, parseBenchOptions, usage } from "./options.ts";
import { parseOrExit } from "./parse-or-exit.ts";
import { describeRun } from "./report/describe-run.ts";
import { describeMachine, readVersion } from "./report/machine.ts";
import { type RowResult, summarise } from "./report/summary.ts";
import { toMarkdown } from "./report/table.ts";
import { type CaseResult, runCase, runSoloCase, type Side } from "./run-case.ts";
import { tryCpuGroups } from "./server/cpu-group.ts";
import { tryNetworks } from "./server/network.ts";
import type { Isolation } from "./server/server.ts";

type AnyCase = Case | SoloCase;

const watchdog = fileURLToPath(new URL("../bin/fwatchdog.ts", import.meta.url));

const ours = [process.execPath, watchdog];
await main(parseOrExit(usage, () => parseBenchOptions(process.argv.slice(2), ours))).catch(fail);

async function main(options: BenchOptions): Promise<void> {
  const wrk = findWrk();
  const isolated = { cpuGroups: await tryCpuGroups(), networks: tryNetworks() };
  const isolation = { cpuGroups: isolated.cpuGroups.had, networks: isolated.networks.had };
  const machine = { ...describeMachine(), wrk, versions: readVersions(options) };
  const rows: RowResult[] = [];
  const results: CaseResult[] = [];
  for (const bench of chooseCases(options.only)) {
    try {
      const result = await run(bench, options, isolation);
      results.push(result);
      rows.push(...summariseCase(bench, result));
    } catch (error) {
      // The other cases still tell something.
      fail(error);
    }
  }
  console.log(`${toMarkdown(rows)}\n\n${describeRun(options, machine, isolated)}`);
  for (const { name, notes } of results) {
    for (const note of notes) console.log(`* ${name}: ${note}`);
  }
  if (options.json) {
    const raw = { machine, options, isolated, rows, cases: results };
    writeFileSync(options.json, `${JSON.stringify(raw, null, 2)}\n`);
  }
}

function fail(error: unknown): void {
  console.error((error as Error).message);
  process.exitCode = 1;
}

function chooseCases(only: readonly string[]): AnyCase[] {
  const unknown = only.find((name) => !cases.some((bench) => bench.name.startsWith(name)));
  if (unknown !== undefined) {
    throw new Error(
      `--only ${unknown}: no such case (${cases.map(({ name }) => name).join(", ")})`,
    );
  }
  return cases.filter(({ name }) => only.length === 0 || only.some((one) => name.startsWith(one)));
}

function run(bench: AnyCase, options: BenchOptions, isolation: Isolation): Promise<CaseResult> {
  const ours: Side = { name: "ours", command: options.ours };
  const report = (line: string) => console.error(line);
  const { rounds, seconds, requests, peers } = options;
  if ("measureOurs" in bench) return runSoloCase(bench, ours, { requests, report });
  const side = bench.ours === undefined ? ours : { ...ours, command: bench.ours };
  const peer = findPeer(bench.peer, side, peers);
  return runCase(bench, side, peer, { rounds, seconds, isolation, report });
}

function findPeer(peer: Case["peer"], ours: Side, paths: BenchOptions["peers"]): Side | undefined {
  if (typeof peer !== "string") return { ...ours, ...peer };
  const path = paths[peer];
  if (path === undefined) return undefined;
  return { name: peer, command: [path], fixedPort: peer === "gateway" ? 8080 : undefined };
}

function summariseCase(bench: AnyCase, { against, rounds }: CaseResult): RowResult[] {
  return bench.rows.map((row) =>
    summarise(
      row,
      against,
      rounds.map(({ ours, theirs }) => ({
        ours: ours[row.name] ?? Number.NaN,
        theirs: theirs?.[row.name],
      })),
    ),
  );
}

function readVersions({ ours, peers }: BenchOptions): Record<string, string> {
  return {
    ours: readVersion(ours),
    ...Object.fromEntries(Object.entries(peers).map(([name, path]) => [name, readVersion([path])])),
  };
}
