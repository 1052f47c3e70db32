import type { Random } from "./random.ts";

/** Draws kinds of requests as often as their weights say. */
export function createMixture<Kind extends { readonly weight: number }>(
  kinds: readonly Kind[],
  random: Random,
): () => Kind {
  const total = kinds.reduce((sum, kind) => sum + kind.weight, 0);
  return () => {
    let drawn = random.below(total);
    for (const kind of kinds) {
      drawn -= kind.weight;
      if (drawn < 0) return kind;
    }
    throw new RangeError("no kinds");
  };
}
