/**
 * Sizes as people write them: a whole number of bytes, or a decimal number and a unit. `kB`, `MB`, `GB`, `TB` count in
 * thousands; `KiB`, `MiB`, `GiB`, `TiB` and, as in Docker and Kubernetes, `Ki`, `Mi`, `Gi`, `Ti` in 1024s; `B` is a byte.
 * A blank before the unit and either case of its letters will do. A lone `K`, `M` or `G` is refused: half of the tools
 * mean 1000 by it and the other half 1024.
 */
export function parseBytes(text: string): number | undefined {
  const [whole, number = "", unit = ""] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text) ?? [];
  if (whole === undefined) return undefined;
  if (unit === "" && number.includes(".")) return undefined;
  const factor = FACTORS.get(unit.toLowerCase());
  if (factor === undefined) return undefined;
  const bytes = Math.round(Number(number) * factor);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** In the largest binary unit that leaves a short number: `0B`, `512B`, `64KiB`, `1.5GiB`. */
export function formatBytes(bytes: number): string {
  const unit = BINARY_UNITS.find(([, size]) => bytes >= size);
  if (unit === undefined) return `${bytes}B`;
  const [name, size] = unit;
  return `${Number((bytes / size).toFixed(2))}${name}`;
}

const BINARY_UNITS: readonly (readonly [string, number])[] = [
  ["TiB", 2 ** 40],
  ["GiB", 2 ** 30],
  ["MiB", 2 ** 20],
  ["KiB", 2 ** 10],
];

const FACTORS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["b", 1],
  ["kb", 1e3],
  ["mb", 1e6],
  ["gb", 1e9],
  ["tb", 1e12],
  ...BINARY_UNITS.flatMap(([name, size]): [string, number][] => [
    [name.toLowerCase(), size],
    [name.slice(0, 2).toLowerCase(), size],
  ]),
]);
