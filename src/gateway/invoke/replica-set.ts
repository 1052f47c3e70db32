import type { Endpoint } from "../../provider/provider.ts";
import { Replica } from "./replica.ts";

const NONE: readonly Replica[] = [];

/** The replicas of one function, of which each request is given one. */
export class ReplicaSet {
  #all: readonly Replica[] = [];

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** Those that answer now. Who was there before stays who it is, with all that is known of it. */
  update(endpoints: readonly Endpoint[]): void {
    const known = new Map(this.#all.map((replica) => [replica.id, replica]));
    this.#all = endpoints.map((endpoint) => {
      const replica = known.get(endpoint.id);
      if (replica === undefined) return new Replica(endpoint);
      known.delete(endpoint.id);
      replica.maxInflight = endpoint.maxInflight ?? Number.POSITIVE_INFINITY;
      return replica;
    });
    for (const replica of known.values()) replica.retire();
  }

  /**
   * Of two random ones the one that has less to do. Where that is none that is in order and has room, the best of all: one
   * that is full, for it may have a queue, before one that is ejected, for somebody has to try. `undefined`: none is left
   * that was not tried.
   */
  choose(tried: readonly Replica[] = NONE): Replica | undefined {
    const all = this.#all;
    const count = all.length;
    if (count === 0) return undefined;
    if (count === 1) return tried.includes(all[0] as Replica) ? undefined : all[0];
    const now = performance.now();
    const start = Math.floor(Math.random() * count);
    const step = 1 + Math.floor(Math.random() * (count - 1));
    const first = all[start] as Replica;
    const second = all[(start + step) % count] as Replica;
    const isFirst = isFit(first, now, tried);
    const isSecond = isFit(second, now, tried);
    if (isFirst && isSecond) return second.inFlight < first.inFlight ? second : first;
    if (isFirst) return first;
    return isSecond ? second : this.#best(start, now, tried);
  }

  #best(start: number, now: number, tried: readonly Replica[]): Replica | undefined {
    const all = this.#all;
    let best: Replica | undefined;
    let bestRank = Number.POSITIVE_INFINITY;
    for (let offset = 0; offset < all.length; offset++) {
      const replica = all[(start + offset) % all.length] as Replica;
      if (tried.includes(replica)) continue;
      const rank = rankOf(replica, now);
      if (rank > bestRank || (rank === bestRank && !hasLess(replica, best))) continue;
      best = replica;
      bestRank = rank;
    }
    return best;
  }
}

function isFit(replica: Replica, now: number, tried: readonly Replica[]): boolean {
  return !replica.isFull && !replica.isEjected(now) && !tried.includes(replica);
}

function rankOf(replica: Replica, now: number): number {
  if (replica.isEjected(now)) return 2;
  return replica.isFull ? 1 : 0;
}

function hasLess(replica: Replica, other: Replica | undefined): boolean {
  return other === undefined || replica.inFlight < other.inFlight;
}
