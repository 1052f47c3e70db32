/** Who waits, by caller: callers take turns, and of each the oldest is first. */
export class FairQueue<Item> {
  /** Of all callers together. */
  size = 0;
  /** In the order of their turns. A caller without anybody waiting has no line, so there are at most `size` of them. */
  readonly #lines = new Map<string, Set<Item>>();

  add(item: Item, caller: string): void {
    const line = this.#lines.get(caller);
    if (line === undefined) this.#lines.set(caller, new Set([item]));
    else line.add(item);
    this.size++;
  }

  /** The oldest of the caller whose turn it is. */
  shift(): Item | undefined {
    for (const [caller, line] of this.#lines) {
      const [oldest] = line as Set<Item>;
      this.#lines.delete(caller);
      // Behind all others.
      if (line.size > 1) this.#lines.set(caller, line);
      line.delete(oldest as Item);
      this.size--;
      return oldest;
    }
    return undefined;
  }

  remove(item: Item, caller: string): void {
    const line = this.#lines.get(caller);
    if (line?.delete(item) !== true) return;
    if (line.size === 0) this.#lines.delete(caller);
    this.size--;
  }

  /**
   * Takes out the newest of the caller with the most, if that leaves it with no fewer than this caller has when it comes in:
   * with less between them the two would only push each other out.
   */
  makeRoomFor(caller: string): Item | undefined {
    const [longest, line] = this.#longest();
    const own = this.#lines.get(caller)?.size ?? 0;
    if (line === undefined || line.size < own + 2) return undefined;
    const newest = [...line].at(-1) as Item;
    this.remove(newest, longest);
    return newest;
  }

  /** Empties it. */
  clear(): Item[] {
    const all = [...this.#lines.values()].flatMap((line) => [...line]);
    this.#lines.clear();
    this.size = 0;
    return all;
  }

  #longest(): readonly [string, Set<Item> | undefined] {
    let longest: readonly [string, Set<Item> | undefined] = ["", undefined];
    for (const entry of this.#lines) {
      if (entry[1].size > (longest[1]?.size ?? 0)) longest = entry;
    }
    return longest;
  }
}
