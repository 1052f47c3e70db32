import type { IncomingHttpHeaders } from "node:http";
import { parseHttpDate } from "./http-date.ts";

/** By what two versions of a representation are told apart (RFC 9110, 8.8). */
export interface Validators {
  /** With its quotes; `undefined`: none that could be relied on. */
  readonly etag: string | undefined;
  /** Whole seconds since 1970. */
  readonly modifiedSeconds: number | undefined;
}

/** What becomes of a GET or HEAD: `notModified` is 304, `failed` 412. */
export type Verdict = "goOn" | "notModified" | "failed";

/** Weighs the conditions in the order of RFC 9110, 13.2.2: a date counts only where there is no tag to compare. */
export function judgePreconditions(headers: IncomingHttpHeaders, validators: Validators): Verdict {
  const ifMatch = headers["if-match"];
  if (ifMatch !== undefined) {
    if (!listsTag(ifMatch, validators.etag, isSameStrongly)) return "failed";
  } else if (isModifiedSince(headers["if-unmodified-since"], validators) === true) {
    return "failed";
  }
  const ifNoneMatch = headers["if-none-match"];
  if (ifNoneMatch !== undefined) {
    return listsTag(ifNoneMatch, validators.etag, isSameWeakly) ? "notModified" : "goOn";
  }
  return isModifiedSince(headers["if-modified-since"], validators) === false
    ? "notModified"
    : "goOn";
}

/** Whether `If-Range` lets a range be taken: the client's part must be of exactly this version (RFC 9110, 13.1.5). */
export function isRangeWanted(headers: IncomingHttpHeaders, validators: Validators): boolean {
  const condition = headers["if-range"] as string | undefined;
  if (condition === undefined) return true;
  if (/^(?:W\/)?"/.test(condition)) {
    return validators.etag !== undefined && isSameStrongly(condition, validators.etag);
  }
  // A weak tag says that a second is too long for this file to be known by its date.
  if (validators.etag?.startsWith("W/") !== false) return false;
  return parseHttpDate(condition) === validators.modifiedSeconds;
}

/** `undefined`: nothing is asked, or nothing can be said. */
function isModifiedSince(
  date: string | undefined,
  { modifiedSeconds }: Validators,
): boolean | undefined {
  const seconds = date === undefined ? undefined : parseHttpDate(date);
  if (seconds === undefined || modifiedSeconds === undefined) return undefined;
  return modifiedSeconds > seconds;
}

type Comparison = (one: string, other: string) => boolean;

/** A list of tags, or `*`: any version there is. A tag may hold a comma, so the list is not split at them. */
function listsTag(list: string, etag: string | undefined, isSame: Comparison): boolean {
  if (list.trim() === "*") return true;
  if (etag === undefined) return false;
  return (list.match(/(?:W\/)?"[^"]*"/g) ?? []).some((tag) => isSame(tag, etag));
}

const isSameStrongly: Comparison = (one, other) => one === other && !one.startsWith("W/");
const isSameWeakly: Comparison = (one, other) => withoutWeakness(one) === withoutWeakness(other);
const withoutWeakness = (tag: string) => (tag.startsWith("W/") ? tag.slice(2) : tag);
