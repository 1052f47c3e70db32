import { accessSync, constants } from "node:fs";
import { parseArgs } from "node:util";
import type { PeerName } from "./cases/case.ts";

export interface BenchOptions {
  /** The watchdog that is measured. */
  readonly ours: readonly string[];
  /** Binaries to compare with. */
  readonly peers: Readonly<Partial<Record<PeerName, string>>>;
  /** Names of cases, or how they begin; empty: all. */
  readonly only: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
  /** How many requests the soak sends. */
  readonly requests: number;
  /** Where the raw figures go. */
  readonly json: string | undefined;
}

export const usage = `npm run bench -- [--peer classic=PATH] [--peer of=PATH] [--peer gateway=PATH] [--only NAME,...] [--rounds N] [--seconds N] [--requests N] [--json FILE] [--ours COMMAND]

  --peer     a Go program to compare with, built from its public sources: a watchdog (openfaas/classic-watchdog, openfaas/of-watchdog),
             or the gateway (openfaas/faas at dc2a7a0c, the last one under the MIT licence: \`CGO_ENABLED=0 go build -mod=vendor -o PATH .\`
             in its folder gateway); without: the floor of fork and exec, or nobody
  --only     cases by name, or by how it begins: cat, cgi, health, stream, small-beside-streams, first-chunk, static, memory-after-load, http, deadline, idle, soak, gateway
  --rounds   how often both sides take their turn (5)
  --seconds  how long each turn of a closed loop takes (5)
  --requests how many requests the soak sends (100000)
  --json     writes all figures and the facts of the machine to a file
  --ours     the watchdog to measure, split at blanks (this checkout's bin/fwatchdog.ts)`;

/** Throws with a message for the user. */
export function parseBenchOptions(args: readonly string[], ours: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      peer: { type: "string", multiple: true, default: [] },
      only: { type: "string", multiple: true, default: [] },
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "5" },
      requests: { type: "string", default: "100000" },
      json: { type: "string" },
      ours: { type: "string" },
    },
  });
  return {
    ours: values.ours?.split(" ").filter(Boolean) ?? ours,
    peers: Object.fromEntries(values.peer.map(parsePeer)),
    only: values.only.flatMap((names) => names.split(",")).filter(Boolean),
    rounds: parseCount("--rounds", values.rounds),
    seconds: parseCount("--seconds", values.seconds),
    requests: parseCount("--requests", values.requests),
    json: values.json,
  };
}

function parsePeer(text: string): [PeerName, string] {
  const [, name, path] = /^(classic|of|gateway)=(.+)$/.exec(text) ?? [];
  if (!name || !path)
    throw new Error(`--peer ${text}: expected classic=PATH, of=PATH or gateway=PATH`);
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw new Error(`--peer ${text}: ${path} cannot be run`);
  }
  return [name as PeerName, path];
}

export function parseCount(option: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`${option} ${text}: expected 1 or more`);
  return count;
}
