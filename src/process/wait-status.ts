import type { Outcome } from "./outcome.ts";

const SIGNAL_BITS = 0x7f;
const CORE_DUMPED = 0x80;

/** What a status of wait(2) says of a process that has ended. */
export function toOutcome(status: number): Outcome {
  const signal = status & SIGNAL_BITS;
  return signal === 0
    ? { kind: "exited", exitCode: (status >> 8) & 0xff }
    : { kind: "signaled", signal, coreDumped: (status & CORE_DUMPED) !== 0 };
}
