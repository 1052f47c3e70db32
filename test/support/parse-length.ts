/** For `parseArgs`, of whatever is made of chance. */
export const LENGTH_OPTIONS = {
  minutes: { type: "string", default: "1" },
  seed: { type: "string", default: String((Date.now() % 1e6) + 1) },
} as const;

/** How long something goes on that is made of chance, and the seed to see it again. */
export function parseLength(values: { readonly minutes: string; readonly seed: string }) {
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
  if (!(minutes > 0)) throw new Error(`--minutes ${values.minutes}: expected more than 0`);
  if (!Number.isSafeInteger(seed))
    throw new Error(`--seed ${values.seed}: expected a whole number`);
  return { minutes, seed };
}
