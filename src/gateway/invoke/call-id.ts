import { randomUUID } from "node:crypto";
import { randomHex } from "../../core/random-hex.ts";

const CALL_ID = /^[\w-]{1,64}$/;

/** The client's own, where it is one (T32), else a new one. */
export function toCallId(said: string | string[] | undefined): string {
  return typeof said === "string" && CALL_ID.test(said) ? said : randomUUID();
}

/** `X-Start-Time`: nanoseconds since 1970, of which the last three are not known. */
export function toStartTime(): string {
  return `${Math.floor((performance.timeOrigin + performance.now()) * 1000)}000`;
}

/** Version, trace, parent and flags; of neither id all zeros (W3C Trace Context). */
const TRACE_PARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;

export function isTraceParent(said: string | string[] | undefined): said is string {
  return typeof said === "string" && TRACE_PARENT.test(said);
}

/** A trace that begins here, and that nobody has asked to be recorded. */
export function createTraceParent(): string {
  return `00-${randomHex(32)}-${randomHex(16)}-00`;
}
