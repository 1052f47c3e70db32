/** Smaller pieces are left to the collector: there giving back costs more than it brings. */
const WORTHWHILE_BYTES = 16 * 1024;

/**
 * Gives the memory of a piece of a stream back at once. The collector comes by only when dozens of megabytes have piled up,
 * and a gigabyte passes through in pieces like this one. Nobody may look at the piece afterwards; one that is part of
 * something bigger is left alone.
 */
export function giveBack(piece: Uint8Array): void {
  const { buffer, byteLength } = piece;
  if (
    byteLength >= WORTHWHILE_BYTES &&
    byteLength === buffer.byteLength &&
    buffer instanceof ArrayBuffer
  ) {
    buffer.transfer(0);
  }
}
