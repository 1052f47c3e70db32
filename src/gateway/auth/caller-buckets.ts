import type { Rate } from "./rate.ts";
import { TokenBucket } from "./token-bucket.ts";

/** A bucket for each caller, of whom there may be any number: those that have not come for longest are forgotten. */
export class CallerBuckets {
  readonly #rate: Rate;
  readonly #most: number;
  #recent = new Map<string, TokenBucket>();
  #before = new Map<string, TokenBucket>();

  /** At least `most` callers are remembered, and at most twice as many. */
  constructor(rate: Rate, most: number) {
    this.#rate = rate;
    this.#most = most;
  }

  get rate(): Rate {
    return this.#rate;
  }

  of(caller: string, nowMs: number): TokenBucket {
    const recent = this.#recent.get(caller);
    if (recent !== undefined) return recent;
    const bucket = this.#before.get(caller) ?? new TokenBucket(this.#rate, nowMs);
    if (this.#recent.size >= this.#most) {
      this.#before = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(caller, bucket);
    return bucket;
  }
}

/** Whom an address stands for. Of IPv6 everybody has at least 2^64, the last four of its eight groups. */
export function toCaller(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::", 2);
  const groups = head === "" ? [] : head.split(":");
  const ending = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - ending.length);
  return [...groups, ...new Array<string>(zeros).fill("0"), ...ending].slice(0, 4).join(":");
}
