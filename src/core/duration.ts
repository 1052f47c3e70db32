/**
 * Durations as Go's programs take and print them. Nanoseconds are a bigint, because Go counts in 64-bit integers and a
 * number would round what it accepts.
 */

/** More milliseconds than this make a timer of Node's fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A whole number of seconds, or what `parseDuration` takes: the grammar of the Go watchdogs' timeouts. */
export function parseSecondsOrDuration(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return parseDuration(text);
  const seconds = BigInt(text.replace(/^\+/, ""));
  if (seconds < 0n) return undefined;
  const nanoseconds = seconds * SECOND;
  return nanoseconds > LARGEST ? undefined : nanoseconds;
}

/** Go's `time.ParseDuration`: `1h15m30.918s`, `-1.5h`, `.5s`, `0`. `undefined`: not a duration, or too large for Go. */
export function parseDuration(text: string): bigint | undefined {
  const magnitude = text.replace(/^[+-]/, "");
  if (magnitude === "0") return 0n;
  const total = magnitudeNanoseconds(magnitude);
  if (total === undefined) return undefined;
  if (text.startsWith("-")) return -total;
  return total > LARGEST ? undefined : total;
}

/** Go's `Duration.String` of a number of milliseconds: `1m30s`, `30s`, `1.5s`, `100ms`, `0s`. */
export function formatDuration(milliseconds: number): string {
  return formatNanoseconds(BigInt(Math.round(milliseconds * 1e6)));
}

/** Go's `Duration.String`. */
export function formatNanoseconds(nanoseconds: bigint): string {
  if (nanoseconds < 0n) return `-${formatNanoseconds(-nanoseconds)}`;
  if (nanoseconds === 0n) return "0s";
  if (nanoseconds < MICROSECOND) return `${nanoseconds}ns`;
  if (nanoseconds < MILLISECOND) return `${decimal(nanoseconds, MICROSECOND)}µs`;
  if (nanoseconds < SECOND) return `${decimal(nanoseconds, MILLISECOND)}ms`;
  const hours = nanoseconds / HOUR;
  const minutes = (nanoseconds % HOUR) / MINUTE;
  const seconds = `${decimal(nanoseconds % MINUTE, SECOND)}s`;
  if (hours > 0n) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0n ? `${minutes}m${seconds}` : seconds;
}

/** Whole milliseconds for a timer. What is shorter than one becomes one, since 0 means "no limit" to those who ask. */
export function toMilliseconds(nanoseconds: bigint): number {
  if (nanoseconds > 0n && nanoseconds < MILLISECOND) return 1;
  return Number(nanoseconds / MILLISECOND);
}

const MICROSECOND = 1_000n;
const MILLISECOND = 1_000_000n;
const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const LARGEST = 2n ** 63n - 1n;

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ["ns", 1n],
  ["us", MICROSECOND],
  ["\u00b5s", MICROSECOND], // the micro sign
  ["\u03bcs", MICROSECOND], // the Greek letter mu
  ["ms", MILLISECOND],
  ["s", SECOND],
  ["m", MINUTE],
  ["h", HOUR],
]);
/** Go takes for a unit whatever is neither digit nor point. */
const PART = /(\d*)(?:\.(\d*))?([^\d.]+)/y;

/** The sum of all parts, at most one more than the largest: so far reach negative durations. */
function magnitudeNanoseconds(magnitude: string): bigint | undefined {
  if (magnitude === "") return undefined;
  let total = 0n;
  for (let position = 0; position < magnitude.length; position = PART.lastIndex) {
    PART.lastIndex = position;
    const [, integer = "", fraction = "", unit = ""] = PART.exec(magnitude) ?? [];
    const unitNanoseconds = UNITS.get(unit);
    if (unitNanoseconds === undefined || (integer === "" && fraction === "")) return undefined;
    total += partNanoseconds(integer, fraction, unitNanoseconds);
    if (total > LARGEST + 1n) return undefined;
  }
  return total;
}

function partNanoseconds(integer: string, fraction: string, unit: bigint): bigint {
  const { digits, scale } = significantFraction(fraction);
  // In floating point, because Go does it so and rounds accordingly.
  const rest = Math.trunc(Number(digits) * (Number(unit) / scale));
  return BigInt(integer) * unit + BigInt(rest);
}

/** As many digits of a fraction as fit into 63 bits: Go drops what follows. */
function significantFraction(fraction: string): { digits: bigint; scale: number } {
  let digits = 0n;
  let scale = 1;
  for (const digit of fraction) {
    if (digits > LARGEST / 10n) break;
    const next = digits * 10n + BigInt(digit);
    if (next > LARGEST + 1n) break;
    digits = next;
    scale *= 10;
  }
  return { digits, scale };
}

function decimal(nanoseconds: bigint, unit: bigint): string {
  const fraction = (nanoseconds % unit)
    .toString()
    .padStart(unit.toString().length - 1, "0")
    .replace(/0+$/, "");
  return fraction === "" ? `${nanoseconds / unit}` : `${nanoseconds / unit}.${fraction}`;
}
