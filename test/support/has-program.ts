import { spawnSync } from "node:child_process";

/** Why a test of a program in another language cannot be made here; where CI is, it must be. */
export function noProgramReason(program: string): string | undefined {
  if (process.env.CI) return undefined;
  return spawnSync(program, ["--version"]).error === undefined
    ? undefined
    : `needs ${program}, which is not installed`;
}
