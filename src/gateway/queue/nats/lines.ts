import type { Due } from "../queue.ts";
import { DueHeap } from "./due-heap.ts";
import { type Invocation, lineOf } from "./invocation.ts";

/** What is to be done in one stage, each line with what is due next at its head. */
export class Lines {
  readonly #isCurrent: (invocation: Invocation) => boolean;
  readonly #lines = new Map<string, { heap: DueHeap<Invocation>; count: number }>();

  constructor(isCurrent: (invocation: Invocation) => boolean) {
    this.#isCurrent = isCurrent;
  }

  enter(invocation: Invocation): void {
    const name = lineOf(invocation);
    let line = this.#lines.get(name);
    if (line === undefined) {
      line = { heap: new DueHeap(this.#isCurrent), count: 0 };
      this.#lines.set(name, line);
    }
    line.count++;
    line.heap.push(invocation.freeAt, invocation.intakeSeq, invocation);
  }

  leave(invocation: Invocation): void {
    const name = lineOf(invocation);
    const line = this.#lines.get(name);
    if (line !== undefined && --line.count === 0) this.#lines.delete(name);
  }

  putBack(invocation: Invocation): void {
    if (!this.#isCurrent(invocation)) return;
    const heap = this.#lines.get(lineOf(invocation))?.heap;
    heap?.push(invocation.freeAt, invocation.intakeSeq, invocation);
  }

  due(): Due {
    const now = performance.now();
    const names: string[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const [name, { heap }] of this.#lines) {
      const at = heap.first()?.at;
      if (at === undefined) continue;
      if (at <= now) names.push(name);
      else next = Math.min(next, at);
    }
    const nextMs = Number.isFinite(next) ? Math.ceil(next - now) : undefined;
    return { lines: names.sort(), nextMs };
  }

  take(name: string, limit: number): Invocation[] {
    const heap = this.#lines.get(name)?.heap;
    const taken: Invocation[] = [];
    while (heap !== undefined && taken.length < limit) {
      const invocation = heap.takeUntil(performance.now());
      if (invocation === undefined) break;
      taken.push(invocation);
    }
    return taken;
  }

  /** By name, of those that are not finished, due or not. */
  counts(): readonly (readonly [name: string, count: number])[] {
    return [...this.#lines].map(([name, { count }]) => [name, count] as const).sort();
  }
}
