import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One time that the function ran, in milliseconds of the machine's clock. */
export interface Run {
  readonly callId: string;
  /** As the function was told; 0: it was asked directly. */
  readonly attempt: number;
  readonly startedAt: number;
  /** `undefined`: it did not come to its end. */
  readonly endedAt: number | undefined;
}

/** A request that was sent may begin so long after whoever sent it was killed, on a machine that is busy. */
const STARTING_MS = 1_500;
/** So long after its end the gateway may need until what came of a run is on disk. */
const SETTLING_MS = 2_000;
/** So long a run takes at most, and one that did not end is at most so old when it is ended. */
const LONGEST_RUN_MS = 10_000;

/** A function that writes down each of its runs, outside of what the gateway keeps. */
export class Ledger {
  readonly command: string;
  readonly #file: string;

  constructor(folder: string) {
    const script = join(folder, "writes-down.sh");
    this.#file = join(folder, "ledger");
    writeFileSync(this.#file, "");
    writeFileSync(
      script,
      `note() { printf '%s %s %s %s\\n' "$1" "$Http_X_Call_Id" "\${Http_X_Breeze_Attempt:-0}" "$(date +%s%3N)" >>${this.#file}; }
note start
sleep "\${Http_X_Sleep:-0}"
cat
note end
`,
    );
    this.command = `sh ${script}`;
  }

  read(): Map<string, Run[]> {
    const runs = new Map<string, Run[]>();
    for (const line of readFileSync(this.#file, "utf8").split("\n")) {
      const [what, callId = "", attemptText, timeText] = line.split(" ");
      const [attempt, time] = [Number(attemptText), Number(timeText)];
      const own = runs.get(callId) ?? [];
      if (what === "start") own.push({ callId, attempt, startedAt: time, endedAt: undefined });
      const index = own.findIndex((run) => run.attempt === attempt && run.endedAt === undefined);
      const begun = own[index];
      if (what === "end" && begun !== undefined) own[index] = { ...begun, endedAt: time };
      if (what !== "") runs.set(callId, own);
    }
    return runs;
  }
}

/** What is wrong with the runs of one invocation, in words, of what was killed when. */
export function judgeRuns(runs: readonly Run[], kills: readonly number[]): string[] {
  const faults: string[] = [];
  const attempts = runs.map(({ attempt }) => attempt);
  if (new Set(attempts).size < attempts.length) {
    faults.push(`${runs[0]?.callId} ran twice as the same attempt: ${attempts}`);
  }
  // Whatever was run again had the gateway killed under it, or before what came of it was on disk.
  for (const { callId, startedAt, endedAt } of runs.slice(0, -1)) {
    const until = (endedAt ?? startedAt + LONGEST_RUN_MS) + SETTLING_MS;
    if (!kills.some((time) => time >= startedAt - STARTING_MS && time <= until)) {
      faults.push(`${callId} ran again, though nothing was killed while it ran first`);
    }
  }
  return faults;
}
