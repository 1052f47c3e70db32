import { randomFillSync } from "node:crypto";

/** To ask the system for a few bytes takes longer than to use them. */
const POOL_BYTES = 4 * 1024;
const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
let digits = "";
let used = 0;

/** So many random digits, as good as those of `node:crypto`, each of which is given once. At most 8192. */
export function randomHex(length: number): string {
  if (used + length > digits.length) {
    digits = randomFillSync(pool).toString("hex");
    used = 0;
  }
  used += length;
  return digits.slice(used - length, used);
}
