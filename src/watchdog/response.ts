import type { Socket } from "node:net";
import type { WatchdogConfig } from "../config/watchdog.ts";
import type { Chunks } from "../core/chunks.ts";
import { withoutMapping } from "../http/address.ts";
import type { BodyFailure } from "../http/exchange-listener.ts";
import { SNIFFED_BYTES, sniffContentType } from "../http/sniff.ts";
import type { Bill, Outcome } from "../process/outcome.ts";
import type { CompleteHead } from "./answer-head.ts";
import { isShortage, outcomeWord } from "./failure.ts";

/** A whole answer. */
export interface Answer {
  readonly status: number;
  /** Names and values in turn, without the length. */
  readonly headers: string[];
  readonly body: string | Chunks;
}

/** What the answer of a buffered mode is made of. */
export interface AnswerInput {
  readonly config: WatchdogConfig;
  readonly outcome: Outcome;
  /** `undefined`: the function failed. */
  readonly said: CompleteHead | undefined;
  readonly output: Chunks;
  /** The request's own content type. */
  readonly requestType: string | undefined;
  readonly seconds: number;
}

/** As Go prints it with `%f`. */
export function durationHeader(seconds: number): [string, string] {
  const micros = Math.round(seconds * 1e6);
  const whole = Math.floor(micros / 1e6);
  // A seventh digit keeps the zeros in front, and is cut off.
  return ["X-Duration-Seconds", `${whole}.${String(1e6 + (micros - whole * 1e6)).slice(1)}`];
}

/** As of-watchdog says that the answer is its own, and no upstream's. */
export function upstreamFailure(status: number, word: string, seconds: number): Answer {
  const own = ["X-Openfaas-Internal", "of-watchdog", "X-Breeze-Outcome", word];
  const retry = status === 503 ? ["Retry-After", "1"] : [];
  return { status, headers: [...durationHeader(seconds), ...own, ...retry], body: "" };
}

/** Says of an answer that the function has not made what it is; what it exits with is its own doing. */
export function outcomeHeader(outcome: Outcome): [string, string] | [] {
  return outcome.kind === "exited" ? [] : ["X-Breeze-Outcome", outcomeWord(outcome)];
}

/** The status of an answer without the function's output, where the mode has none of its own. */
export function failureStatus(outcome: Outcome): 500 | 502 | 503 {
  if (outcome.kind === "outputTooLarge" || outcome.kind === "badAnswer") return 502;
  return isShortage(outcome) ? 503 : 500;
}

export function sniffType(body: string | Chunks): string {
  if (typeof body !== "string") return sniffContentType(body.head(SNIFFED_BYTES));
  return sniffContentType(Buffer.from(body, "latin1"));
}

/** In front of the output itself. */
export function prepend(text: string, output: Chunks): string | Chunks {
  if (output.size === 0) return text;
  output.prepend(Buffer.from(text, "latin1"));
  return output;
}

/** What Go's net/http says to a handler whose client does not send what it promised. */
export function bodyFailureText(
  failure: BodyFailure,
  socket: Pick<Socket, "localAddress" | "localPort" | "remoteAddress" | "remotePort">,
): string {
  if (failure === "short") return "unexpected EOF";
  if (failure === "malformed") return "malformed chunked encoding";
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  return `read tcp ${host(localAddress)}:${localPort}->${host(remoteAddress)}:${remotePort}: i/o timeout`;
}

function host(mapped: string | undefined): string {
  const address = withoutMapping(mapped);
  return address.includes(":") ? `[${address}]` : address;
}

/** `Server-Timing`: what the process cost, in milliseconds. */
export function timingHeader(bill: Bill): [string, string] {
  const { startMicros, wallMicros, userMicros, systemMicros, maxRssKiB } = bill;
  const metrics = {
    start: startMicros,
    process: wallMicros,
    user: userMicros,
    system: systemMicros,
  };
  const times = Object.entries(metrics).map(([name, micros]) => `${name};dur=${micros / 1000}`);
  return ["Server-Timing", `${times.join(", ")}, rss;desc="${maxRssKiB} KiB"`];
}
