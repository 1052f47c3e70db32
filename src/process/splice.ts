import type { Socket } from "node:net";

/** Bytes that go from one socket to another past Node. */
export interface Splice {
  /** Nobody wants it any more; nothing is told of it. */
  stop(): void;
}

/**
 * Moves so many bytes from one connected socket to another without reading them. Node reads nothing of the first one and has
 * nothing to write to the second one meanwhile. It is over when all have gone, or as soon as they do not flow by themselves:
 * then `taken` were taken from the first one, the last of which, `rest`, were not given to the second one.
 */
export type SpliceSockets = (
  from: Socket,
  to: Socket,
  bytes: number,
  onOver: (taken: number, rest: Buffer) => void,
) => Splice;
