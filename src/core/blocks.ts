/** So large that the allocator maps each by itself, and unmaps it when it is freed: its heap, once grown, mostly stays. */
const BLOCK_BYTES = 1024 * 1024;
/** Mapping memory anew costs more than what is done with it, so a block waits at least this long for who needs it next. */
const KEPT_MS = 1000;
/** Unmapping costs about as much: no request is to wait for hundreds of them. */
const FREED_AT_ONCE = 64;

const lent = new WeakSet<ArrayBuffer>();
const free: ArrayBuffer[] = [];
/** Since it was looked last: nobody has needed as many. */
let leastFree = 0;
let timer: NodeJS.Timeout | undefined;

/** Large memory for what is much, with whatever was left in it. It is to be given back (`give-back.ts`). */
export function lendBlock(): Uint8Array {
  const block = free.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES).buffer;
  leastFree = Math.min(leastFree, free.length);
  lent.add(block);
  return new Uint8Array(block);
}

/** False: it is no block. */
export function takeBlockBack(buffer: ArrayBuffer): boolean {
  if (buffer.byteLength !== BLOCK_BYTES || !lent.has(buffer)) return false;
  // Who still has a view sees nothing through it any more, whatever the block is used for next.
  free.push(buffer.transfer());
  timer ??= setInterval(freeWhatIsIdle, KEPT_MS).unref();
  return true;
}

function freeWhatIsIdle(): void {
  for (const block of free.splice(0, Math.min(leastFree, FREED_AT_ONCE))) block.transfer(0);
  leastFree = free.length;
  if (free.length > 0) return;
  clearInterval(timer);
  timer = undefined;
}
