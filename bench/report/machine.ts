import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";

/** What the figures depend on besides the code. */
export interface Machine {
  readonly cores: number;
  readonly model: string;
  readonly kernel: string;
  readonly memoryGiB: number;
  /** `unknown` where the machine does not show it, as most virtual ones. */
  readonly governor: string;
  readonly loadAtStart: number;
  readonly node: string;
  readonly commit: string;
}

export function describeMachine(): Machine {
  return {
    cores: cpus().length,
    model: cpus()[0]?.model ?? "unknown",
    kernel: release(),
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    governor: readGovernor(),
    loadAtStart: loadavg()[0] ?? 0,
    node: process.version,
    commit: readCommit(),
  };
}

/** What the watchdog says of itself; both the peers and ours say it on stderr. */
export function readVersion(command: readonly string[]): string {
  const [program = "", ...args] = command;
  const { stderr, error } = spawnSync(program, [...args, "--version"], {
    encoding: "utf8",
    timeout: 5_000,
  });
  return error ? error.message : (stderr.trim().split("\n")[0] ?? "");
}

function readGovernor(): string {
  try {
    return readFileSync("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "utf8").trim();
  } catch {
    return "unknown";
  }
}

function readCommit(): string {
  try {
    const command = ["describe", "--always", "--dirty"];
    return execFileSync("git", command, { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return "unknown";
  }
}
