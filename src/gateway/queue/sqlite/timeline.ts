import { readFileSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";

/** Each in milliseconds. */
export interface Clocks {
  /** Since 1970, as somebody has set it. */
  readonly wall: () => number;
  /** Nobody sets it; it may stand still while the machine sleeps. */
  readonly steady: () => number;
  /** Nobody sets it, and it goes on while the machine sleeps. */
  readonly awake: () => number;
}

const CLOCKS: Clocks = Object.freeze({
  wall: () => Date.now(),
  steady: () => performance.now(),
  awake: readUptime,
});

/** What is less is not worth while to write everything anew. */
const LEAST_MS = 1_000;

/**
 * What is kept has the wall clock's times, since they outlive the process. Where somebody sets that clock, they are set with it:
 * otherwise a clock that is put back holds up for as long whatever waits, and one that is put forward has it run too early.
 */
export class Timeline {
  readonly #database: DatabaseSync;
  readonly #clocks: Clocks;
  #wall: number;
  #steady: number;
  #awake: number;

  /** What was written just before the end is not in the future: the clock was set meanwhile, by as much at least. */
  constructor(database: DatabaseSync, clocks: Clocks = CLOCKS) {
    this.#database = database;
    this.#clocks = clocks;
    this.#wall = clocks.wall();
    this.#steady = clocks.steady();
    this.#awake = clocks.awake();
    const { latest } = database.prepare(LATEST).get() as { latest: number | null };
    if ((latest ?? 0) - this.#wall >= LEAST_MS) this.#shift(this.#wall - (latest as number));
  }

  /** Before each look at what is due. Throws where it cannot be written; it is caught up with later then. */
  follow(): void {
    const [wall, steady] = [this.#clocks.wall(), this.#clocks.steady()];
    if (Math.abs(wall - this.#wall - (steady - this.#steady)) < LEAST_MS) return;
    const awake = this.#clocks.awake();
    // Nearly none where the machine has only slept.
    const jumpMs = Math.round(wall - this.#wall - (awake - this.#awake));
    if (Math.abs(jumpMs) >= LEAST_MS) this.#shift(jumpMs);
    this.#wall = wall;
    this.#steady = steady;
    this.#awake = awake;
  }

  #shift(jumpMs: number): void {
    this.#database.prepare(SHIFT).run({ jumpMs });
  }
}

const LATEST =
  "SELECT MAX(MAX(queued_at), COALESCE(MAX(finished_at), 0)) AS latest FROM invocations";
const SHIFT = `
  UPDATE invocations
  SET due_at = due_at + $jumpMs, queued_at = queued_at + $jumpMs, finished_at = finished_at + $jumpMs`;

/** Since the machine started. Where the system does not say, sleep cannot be told from a clock that was put forward. */
function readUptime(): number {
  try {
    return Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) * 1_000;
  } catch {
    return performance.now();
  }
}
