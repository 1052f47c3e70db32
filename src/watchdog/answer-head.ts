import { quote } from "../config/problems.ts";
import { isBodiless, isFinalStatus, isHeaderName, isHeaderValue } from "../core/http-grammar.ts";
import { isAlwaysHopByHop } from "../http/proxy/hop-by-hop.ts";
import type { Outcome } from "../process/outcome.ts";

export type BadAnswer = Extract<Outcome, { readonly kind: "badAnswer" }>;

/** `reason` is for the log alone: it may hold what the program wrote. */
export const badAnswer = (reason: string): BadAnswer => ({ kind: "badAnswer", reason });

export const WRONG_LENGTH = badAnswer("the output is not as long as Content-Length says");

export const isBad = (said: object): said is BadAnswer => "kind" in said;

/** Name and value, latin1. */
export type Field = readonly [name: string, value: string];

/** What a program says of its answer's head, as it says it. */
export interface SaidHead {
  /** `undefined`: it says none. */
  readonly status: number | undefined;
  readonly fields: readonly Field[];
}

/** The same, checked: this can be sent. */
export interface AnswerHead {
  readonly status: number | undefined;
  /** Names and values in turn, all but the length. */
  readonly headers: readonly string[];
  /** Of the body, where it says. */
  readonly length: number | undefined;
}

/** One whose status is known. */
export type CompleteHead = AnswerHead & { readonly status: number };

export const NOTHING_SAID: AnswerHead = Object.freeze({
  status: undefined,
  headers: Object.freeze([]),
  length: undefined,
});

/** Nothing of a head that is bad in one place is sent. */
export function toAnswerHead({ status, fields }: SaidHead): AnswerHead | BadAnswer {
  if (status !== undefined && !isFinalStatus(status)) {
    return badAnswer(`${status} is no status of an answer, 200 to 599`);
  }
  const headers: string[] = [];
  const names = new Set<string>();
  let length: number | undefined;
  for (const [name, value] of fields) {
    const lowerName = name.toLowerCase();
    const reason = fieldFault(name, lowerName, value, names);
    if (reason !== undefined) return badAnswer(reason);
    names.add(lowerName);
    if (lowerName === "content-length") length = Number(value);
    else headers.push(name, value);
  }
  return { status, headers, length };
}

/** How what there is of a body differs from what was said of it. */
export function lengthFault(
  { length, status = 200 }: AnswerHead,
  size: number,
  method: string,
): "more" | "less" | undefined {
  if (length === undefined || length === size) return undefined;
  if (method === "HEAD" || isBodiless(status)) return undefined;
  return size > length ? "more" : "less";
}

/** What a mode says by itself, and what the program says instead or besides. The first is the caller's to change. */
export function withSaid(headers: string[], said: readonly string[]): string[] {
  if (said.length === 0) return headers;
  if (headers.length === 0) return [...said];
  const names = new Set(
    said.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase()),
  );
  const kept = headers.filter((_, index) => {
    const name = headers[index - (index % 2)] as string;
    return !names.has(name.toLowerCase());
  });
  return [...kept, ...said];
}

/** Of these a second one means something else to each reader. */
const SINGLE = new Set(["content-length", "content-type", "location"]);

function fieldFault(
  name: string,
  lowerName: string,
  value: string,
  names: ReadonlySet<string>,
): string | undefined {
  if (!isHeaderName(name)) return `${quote(name)} is no name of a header`;
  if (!isHeaderValue(value)) return `the value of ${name} has a control character`;
  if (isAlwaysHopByHop(lowerName)) return `${name} is not the program's to send`;
  if (SINGLE.has(lowerName) && names.has(lowerName)) return `${name} comes twice`;
  if (lowerName === "content-length" && !/^\d{1,15}$/.test(value)) {
    return `Content-Length is ${quote(value)}`;
  }
  return lowerName === "location" && value === "" ? "Location is empty" : undefined;
}
