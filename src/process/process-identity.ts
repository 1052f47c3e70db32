import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process, and nobody else: a number is given out again, with another start time. Can be written down. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in words that mean something only compared with others of this machine. */
  readonly startedAt: string;
}

/** `undefined`: there is no such process, or only what is left of it until its parent has looked. */
export function readIdentity(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === "linux" ? readStartTicks(pid) : readStartText(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  return readIdentity(pid)?.startedAt === startedAt;
}

/** False: it runs no more, and nobody was signalled. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch {
    return false;
  }
}

/** What follows the program's name in parentheses, which may have any character in it: state, then fields 4 and up of proc(5). */
export function readStatFields(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

const START_TIME = 22 - 3;

/** With the boot they are counted from: after the next one the same numbers come again. */
function readStartTicks(pid: number): string | undefined {
  const fields = readStatFields(pid);
  const ticks = fields?.[START_TIME];
  if (ticks === undefined || fields?.[0] === "Z" || fields?.[0] === "X") return undefined;
  return `${readBoot()}/${ticks}`;
}

let boot: string | undefined;

function readBoot(): string {
  boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  return boot;
}

/** Where there is no /proc: to the second. */
function readStartText(pid: number): string | undefined {
  try {
    const text = execFileSync("ps", ["-o", "stat=,lstart=", "-p", `${pid}`], {
      encoding: "latin1",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [state, ...start] = text.trim().split(/\s+/);
    return !state || state.startsWith("Z") ? undefined : start.join(" ");
  } catch {
    return undefined;
  }
}
