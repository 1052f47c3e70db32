interface Item<Value> {
  readonly at: number;
  readonly order: number;
  readonly value: Value;
}

/**
 * Gives the earliest first, and of those of the same moment the one of the lowest order. What has been put in and is no
 * longer so is not looked for: it is dropped when it comes to the top, or when there is more of it than of the rest.
 */
export class DueHeap<Value> {
  readonly #isCurrent: (value: Value) => boolean;
  #items: Item<Value>[] = [];
  #sizeToTidy = 256;

  constructor(isCurrent: (value: Value) => boolean) {
    this.#isCurrent = isCurrent;
  }

  push(at: number, order: number, value: Value): void {
    if (this.#items.length >= this.#sizeToTidy) this.#tidy();
    this.#items.push({ at, order, value });
    this.#rise(this.#items.length - 1);
  }

  first(): Item<Value> | undefined {
    for (;;) {
      const item = this.#items[0];
      if (item === undefined || this.#isCurrent(item.value)) return item;
      this.#removeFirst();
    }
  }

  /** The first, where it is not after `at`; it is no longer in it then. */
  takeUntil(at: number): Value | undefined {
    const item = this.first();
    if (item === undefined || item.at > at) return undefined;
    this.#removeFirst();
    return item.value;
  }

  #removeFirst(): void {
    const last = this.#items.pop();
    if (last === undefined || this.#items.length === 0) return;
    this.#items[0] = last;
    this.#sink(0);
  }

  /** A sorted list is a heap. */
  #tidy(): void {
    this.#items = this.#items.filter(({ value }) => this.#isCurrent(value)).sort(compare);
    this.#sizeToTidy = Math.max(256, this.#items.length * 2);
  }

  #rise(index: number): void {
    const item = this.#items[index] as Item<Value>;
    let at = index;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.#items[parent] as Item<Value>;
      if (compare(above, item) <= 0) break;
      this.#items[at] = above;
      at = parent;
    }
    this.#items[at] = item;
  }

  #sink(index: number): void {
    const item = this.#items[index] as Item<Value>;
    let at = index;
    for (;;) {
      let child = at * 2 + 1;
      const left = this.#items[child];
      if (left === undefined) break;
      const right = this.#items[child + 1];
      if (right !== undefined && compare(right, left) < 0) child++;
      const below = this.#items[child] as Item<Value>;
      if (compare(item, below) <= 0) break;
      this.#items[at] = below;
      at = child;
    }
    this.#items[at] = item;
  }
}

function compare(one: Item<unknown>, other: Item<unknown>): number {
  return one.at - other.at || one.order - other.order;
}
