/** Bytes from `start` up to, and without, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** More parts than any reader has a use for; each costs its sender more than its asker. */
const MOST_RANGES = 16;

/**
 * What a `Range` asks of `size` bytes (RFC 9110, 14). `undefined`: all of it, since it is of another unit, cannot be read, or
 * asks for so many parts, or so much twice, that the whole is less. `[]`: nothing that is there, 416.
 */
export function parseRanges(header: string, size: number): readonly ByteRange[] | undefined {
  const [, list] = /^bytes=(.*)$/is.exec(header) ?? [];
  if (list === undefined || size === 0) return undefined;
  const specifiers = list.split(",").map((part) => part.trim());
  if (specifiers.length > MOST_RANGES) return undefined;
  const ranges: ByteRange[] = [];
  for (const specifier of specifiers) {
    const range = parseRange(specifier, size);
    if (range === undefined) return undefined;
    if (range.start < range.end) ranges.push(range);
  }
  const sum = ranges.reduce((total, { start, end }) => total + end - start, 0);
  return sum > size ? undefined : ranges;
}

/** Empty where it asks for what is behind the end. `undefined`: it is no range. */
function parseRange(specifier: string, size: number): ByteRange | undefined {
  const [, first = "", last = ""] = /^(\d*)-(\d*)$/.exec(specifier) ?? [];
  if (first === "") {
    return last === "" ? undefined : { start: Math.max(size - Number(last), 0), end: size };
  }
  const end = last === "" ? size : Number(last) + 1;
  if (last !== "" && Number(last) < Number(first)) return undefined;
  return { start: Number(first), end: Math.min(end, size) };
}

export function formatContentRange({ start, end }: ByteRange, size: number): string {
  return `bytes ${start}-${end - 1}/${size}`;
}
