import type { Stats } from "node:fs";
import type { Coding } from "../../http/content-coding.ts";
import { formatHttpDate } from "../../http/http-date.ts";
import type { Validators } from "../../http/preconditions.ts";

/** All that an answer says of a file. */
export interface Representation extends Validators {
  readonly size: number;
  readonly type: string;
  /** Names and values in turn: which version it is, and how long it may be used. */
  readonly version: readonly string[];
  /** What it is. */
  readonly description: readonly string[];
  /** Another client might get it in another coding. */
  readonly isNegotiated: boolean;
}

export interface RepresentationOptions {
  readonly size: number;
  readonly stats: Stats;
  /** Asked once (`isSettled`) for the tag and for whether it is kept: between two answers a file may settle. */
  readonly isSettled: boolean;
  readonly type: string;
  readonly coding: Coding | undefined;
  /** Another client might get it in another coding. */
  readonly isNegotiated: boolean;
  readonly cacheControl: string;
}

/**
 * The tag is made of time and size, so that all replicas that were made of one image say the same. It is strong once the file
 * has been left alone for a while: before, it might change once more within what its time can tell apart.
 */
export function describeFile(options: RepresentationOptions): Representation {
  const { type, coding, isNegotiated, cacheControl, size } = options;
  const validators = toValidators(options);
  const version: string[] = [];
  if (validators.etag !== undefined) version.push("ETag", validators.etag);
  if (validators.modifiedSeconds !== undefined)
    version.push("Last-Modified", formatHttpDate(validators.modifiedSeconds));
  version.push("Cache-Control", cacheControl);
  if (isNegotiated) version.push("Vary", "Accept-Encoding");
  const description = ["Content-Type", type, "X-Content-Type-Options", "nosniff"];
  if (coding !== undefined) description.push("Content-Encoding", coding);
  description.push("Accept-Ranges", "bytes");
  return { ...validators, size, type, version, description, isNegotiated };
}

function toValidators({ stats, size, coding, isSettled }: RepresentationOptions): Validators {
  if (stats.mtimeMs < FIRST_TIME_MS) return { etag: undefined, modifiedSeconds: undefined };
  const micros = Math.round(stats.mtimeMs * 1000);
  const tag = [micros.toString(36), size.toString(36), coding].filter(Boolean).join("-");
  const isPast = stats.mtimeMs <= Date.now();
  return {
    etag: isSettled ? `"${tag}"` : `W/"${tag}"`,
    modifiedSeconds: isPast ? Math.floor(stats.mtimeMs / 1000) : undefined,
  };
}

/**
 * Builders of reproducible images give every file one time out of the past (1970 or 1980): it says nothing about what is in
 * the file.
 */
const FIRST_TIME_MS = Date.UTC(1990);
const SETTLING_MS = 1000;

/** Whether a further change would have another time, even where the file system counts in seconds. */
export function isSettled({ mtimeMs, ctimeMs }: Stats): boolean {
  return Date.now() - Math.max(mtimeMs, ctimeMs) > SETTLING_MS;
}

/** The same file with the same content. */
export function isSameVersion(one: Stats, other: Stats): boolean {
  return (
    one.mtimeMs === other.mtimeMs &&
    one.ctimeMs === other.ctimeMs &&
    one.size === other.size &&
    one.ino === other.ino &&
    one.dev === other.dev
  );
}
