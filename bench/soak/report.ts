import type { Ending } from "../server/server.ts";

/** What a soak found. */
export interface SoakReport {
  readonly requests: number;
  readonly seconds: number;
  readonly kinds: Readonly<Record<string, KindCount>>;
  /** The first wrong answers, in words. */
  readonly wrong: readonly string[];
  /** Requests while the program was not there: answered as failed starts, and rightly so. */
  readonly vanished: number;
  readonly health: HealthCount;
  /** Open descriptors of the watchdog's processes, in the order they were started. */
  readonly descriptors: { readonly before: readonly number[]; readonly after: readonly number[] };
  /** What the descriptors are that there are too many of. */
  readonly descriptorsLeft: readonly string[];
  readonly zombies: number;
  /** Processes of functions that are still there. */
  readonly leftovers: readonly string[];
  /** Private memory, after a tenth of the requests and after all. */
  readonly memoryMiB: { readonly early: number; readonly late: number };
  readonly ending: Ending;
  readonly log: string;
}

export interface KindCount {
  sent: number;
  wrong: number;
  slowestMs: number;
}

export interface HealthCount {
  readonly checks: number;
  readonly failed: number;
  readonly slowestMs: number;
}

export interface SoakBounds {
  /** How much more memory the end may have than the first tenth. */
  readonly memoryGrowth: number;
}

/** Everything that must not be, in words; empty: the soak is passed. */
export function findSoakFaults(report: SoakReport, { memoryGrowth }: SoakBounds): string[] {
  const { descriptors, health, memoryMiB, ending } = report;
  const wrong = Object.values(report.kinds).reduce((sum, kind) => sum + kind.wrong, 0);
  const growth = memoryMiB.late / memoryMiB.early - 1;
  const faults: [boolean, string][] = [
    [wrong > 0, `${wrong} wrong answers, first: ${report.wrong.join("; ")}`],
    [health.failed > 0, `${health.failed} of ${health.checks} health checks failed`],
    [
      descriptors.after.some((count, index) => count > (descriptors.before[index] ?? 0)),
      `descriptors grew from ${descriptors.before} to ${descriptors.after}: ${report.descriptorsLeft.join(", ")}`,
    ],
    [report.zombies > 0, `${report.zombies} zombies`],
    [report.leftovers.length > 0, `left running: ${report.leftovers.join(", ")}`],
    [
      growth > memoryGrowth,
      `memory grew from ${memoryMiB.early.toFixed(1)} to ${memoryMiB.late.toFixed(1)} MiB`,
    ],
    [ending.exitCode !== 0, `the watchdog ended with ${ending.exitCode ?? ending.signal}`],
  ];
  return faults.filter(([isFault]) => isFault).map(([, text]) => text);
}
