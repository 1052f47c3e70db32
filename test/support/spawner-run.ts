import type { Socket } from "node:net";
import {
  EXITED,
  EXPIRED,
  type Exited,
  FLAG_GONE,
  type Frame,
  GONE,
  OUT,
  PASSED,
  readExited,
} from "./spawner-frames.ts";

/** What one run has said until it was gone. */
export interface RunRecord {
  readonly id: number;
  readonly frames: Frame[];
  exited: Exited | undefined;
  expired: boolean;
  gone: boolean;
  passed: boolean;
  /** Of stdout, stderr and descriptor 3: what came in frames, and for stdout what was held. */
  readonly output: { 1: Buffer; 2: Buffer; 3: Buffer };
  readonly handles: Map<number, Socket>;
}

export function makeRecord(id: number): RunRecord {
  return {
    id,
    frames: [],
    exited: undefined,
    expired: false,
    gone: false,
    passed: false,
    output: { 1: Buffer.alloc(0), 2: Buffer.alloc(0), 3: Buffer.alloc(0) },
    handles: new Map(),
  };
}

/** Adds a frame to its run's record, and fails where it breaks what must always hold. */
export function note(run: RunRecord, each: Frame): void {
  if (run.gone) throw new Error(`a frame of type ${each.type} after GONE`);
  run.frames.push(each);
  if (each.type === OUT) {
    const descriptor = each.a as 1 | 2 | 3;
    if (descriptor === 1 && (run.exited || run.passed)) throw new Error("stdout after its end");
    run.output[descriptor] = Buffer.concat([run.output[descriptor], each.payload]);
  }
  if (each.type === PASSED) run.passed = true;
  if (each.type === EXPIRED) run.expired = true;
  if (each.type === EXITED) {
    if (run.exited) throw new Error("EXITED twice");
    run.exited = readExited(each);
    run.output[1] = Buffer.concat([run.output[1], run.exited.held]);
  }
  run.gone = each.type === GONE || (each.type === EXITED && (each.flags & FLAG_GONE) !== 0);
}
