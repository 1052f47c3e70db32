/**
 * The runs that the spawner knows, by id: a slot in the low 16 bits and a generation above it, so that what comes late for an
 * old run finds nobody.
 */
export class RunTable<Run extends { readonly id: number }> {
  readonly #slots: (Run | undefined)[] = [];
  readonly #free: number[] = [];
  #generation = 0;
  size = 0;

  /** An id that is not in use; `undefined`: all are. */
  nextId(): number | undefined {
    const slot = this.#free.pop() ?? this.#slots.length;
    if (slot > SLOT_MASK) {
      return undefined;
    }
    // Never 0: that is the id of frames which are about no run.
    this.#generation = (this.#generation % SLOT_MASK) + 1;
    return ((this.#generation << 16) | slot) >>> 0;
  }

  add(run: Run): void {
    this.#slots[run.id & SLOT_MASK] = run;
    this.size += 1;
  }

  find(id: number): Run | undefined {
    const run = this.#slots[id & SLOT_MASK];
    return run !== undefined && run.id === id ? run : undefined;
  }

  remove(run: Run): void {
    const slot = run.id & SLOT_MASK;
    this.#slots[slot] = undefined;
    this.#free.push(slot);
    this.size -= 1;
  }

  all(): Run[] {
    return this.#slots.filter((run) => run !== undefined);
  }
}

const SLOT_MASK = 0xffff;
