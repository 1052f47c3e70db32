import { takeBlockBack } from "./blocks.ts";

/** Smaller pieces are left to the collector: there giving back costs more than it brings. */
const WORTHWHILE_BYTES = 4 * 1024;

/**
 * Gives the memory of a piece of a stream back at once. The collector comes by only when dozens of megabytes have piled up,
 * and a gigabyte passes through in pieces like this one. Nobody may look at the piece afterwards; one that is part of
 * something bigger is left alone, unless that is a block, which goes back as a whole.
 */
export function giveBack(piece: Uint8Array): void {
  const { buffer, byteLength } = piece;
  if (!(buffer instanceof ArrayBuffer) || takeBlockBack(buffer)) return;
  if (byteLength >= WORTHWHILE_BYTES && byteLength === buffer.byteLength) buffer.transfer(0);
}
