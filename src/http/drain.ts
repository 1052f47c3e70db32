import type { Server } from "node:http";

/** What a drain says as it goes: each step once, in this order, `terminating` only if something remains. */
export type DrainStep = "not-ready" | "closing" | "terminating" | "drained";

export interface DrainOptions {
  readonly server: Server;
  /** Between "not ready" and the closing of the listener: a load balancer needs it to look elsewhere. */
  readonly graceMs: number;
  /** Bounds the stop from its beginning; 0 is no limit. */
  readonly timeoutMs: number;
  /** What is being answered, or whose client still reads. */
  inFlight(): number;
  /** Ends what remains, at once. */
  terminate(): Promise<void> | void;
  /** The step that begins now. What makes the server not ready belongs to the first. */
  onStep(step: DrainStep, inFlight: number): void;
}

export interface Drain {
  /** Newcomers are still served, but each connection ends with its answer. */
  readonly begun: boolean;
  /** Begins the stop; called again, ends the step that is going on. Always the same promise: all is over; how much had to be terminated. */
  advance(): Promise<number>;
}

export function createDrain(_options: DrainOptions): Drain {
  throw new Error("not written yet");
}
