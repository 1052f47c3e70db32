import type { FunctionId } from "../../provider/provider.ts";

/** Whoever reads how many replicas a function has, to change that, does both in a turn; there is one at a time for each. */
export class FunctionTurns {
  /** The last one in each function's line. */
  readonly #last = new Map<string, Promise<unknown>>();

  isBusy(id: FunctionId): boolean {
    return this.#last.has(functionKey(id));
  }

  /** Behind those who came before, however they end. */
  async take<Result>(id: FunctionId, action: () => Promise<Result>): Promise<Result> {
    const key = functionKey(id);
    const before = this.#last.get(key);
    const turn = before === undefined ? action() : before.then(action, action);
    this.#last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    }
  }
}

/** Not a name: neither part of it has a slash. */
export function functionKey({ name, namespace }: FunctionId): string {
  return `${namespace}/${name}`;
}
