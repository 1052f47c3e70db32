import { Buffer } from "node:buffer";
import { clip } from "../core/clip.ts";
import { formatDuration } from "../core/duration.ts";
import { timestamp } from "../core/local-time.ts";
import type { LineSink } from "../core/log-sink.ts";
import { decodePath } from "../http/target.ts";
import { countLines, gather, splitLines } from "./function-log.ts";
import { CLIENT_LEFT } from "./invocation-record.ts";
import type { Log, LogConfig, LogFields } from "./log.ts";
import type { InvocationRecord } from "./telemetry.ts";

/** The lines of the two Go watchdogs, each for its own modes: pipelines search for them. */
export function createTextLog(config: LogConfig, sink: LineSink): Log {
  const line = (text: string) => sink.write(`${timestamp()}${escapeControls(text)}\n`);
  const common = {
    message: (_level: unknown, text: string, fields?: LogFields) =>
      line(`${text}${formatFields(fields)}`),
    settled: async () => {},
  };
  return config.mode === "classic"
    ? { ...common, ...classicLines(config, sink, line) }
    : { ...common, ...ofLines(config, sink, line) };
}

type FormatLines = Omit<Log, "message" | "settled">;
type Line = (text: string) => void;

function classicLines(config: LogConfig, sink: LineSink, line: Line): FormatLines {
  const command = Buffer.from(config.command.join(" "), "latin1").toString();
  return {
    processStarting: () => line("Forking fprocess."),
    processEnded(kind) {
      if (kind === "timedOut") line(`Killing process: ${command}`);
    },
    access(record) {
      const { outcome, detail, status, bytes, milliseconds } = record;
      if (record.denied !== undefined) line(deniedText(record));
      if (outcome === "bad-answer") line(badAnswerText(detail));
      if (outcome !== "ok" || status === CLIENT_LEFT) return;
      const wrote = config.writeDebug ? "" : `Wrote ${bytes} Bytes - `;
      line(`${wrote}Duration: ${(milliseconds / 1000).toFixed(6)}s`);
    },
    functionLog: (stream) =>
      gather(config.logBufferBytes, (piece) => {
        const isEnded = piece.at(-1) === LINE_FEED;
        pass(sink, countLines(isEnded ? piece.subarray(0, -1) : piece), () =>
          Buffer.concat([latin1(`${timestamp()}${stream}: `), piece, latin1(isEnded ? "" : "\n")]),
        );
      }),
  };
}

function ofLines(config: LogConfig, sink: LineSink, line: Line): FormatLines {
  return {
    processStarting() {},
    processEnded() {},
    access(record) {
      if (record.denied !== undefined) {
        line(deniedText(record));
        return;
      }
      const failure = config.mode === "http" ? upstreamText(record) : failureText(record);
      if (failure !== undefined) line(failure);
      if (!record.userAgent?.startsWith("kube-probe")) line(accessText(record, config));
    },
    functionLog: (stream) =>
      splitLines(config.logBufferBytes, (lines) =>
        pass(sink, countLines(lines), () => {
          const prefix = config.prefixLogs ? `${timestamp()}${stream}: ` : "";
          const text = lines.toString("latin1").replaceAll("\n", `\n${prefix}`);
          return latin1(`${prefix}${text}\n`);
        }),
      ),
  };
}

/** Lines of the function's, which are made only where there is room for them. */
function pass(sink: LineSink, count: number, makeLines: () => Buffer): void {
  if (sink.isCrowded) sink.drop(count);
  else sink.write(makeLines(), count);
}

function accessText(record: InvocationRecord, { logCallId, mode }: LogConfig): string {
  const { method, target, reason, bytes, milliseconds, callId } = record;
  const seconds = (milliseconds / 1000).toFixed(4);
  const status = mode === "http" && reason ? `${record.status} ${reason}` : record.status;
  const call = logCallId ? ` [${clip(callId || "none")}]` : "";
  return `${method} ${clip(target)} - ${status} - ContentLength: ${humanSize(bytes)} (${seconds}s)${call}`;
}

/** What it says where a function serves HTTP itself. */
function upstreamText({ outcome, detail }: InvocationRecord): string | undefined {
  if (outcome === "upstream-failed") return `Upstream HTTP request error: ${detail}`;
  return outcome === "timeout" ? "Upstream HTTP killed due to exec_timeout" : undefined;
}

function deniedText({ method, path, status, milliseconds }: InvocationRecord): string {
  const duration = formatDuration(Math.round(milliseconds));
  const decoded = Buffer.from(decodePath(path) ?? path, "latin1").toString();
  return `${method} ${clip(decoded)} - ${status} ACCESS DENIED - (${duration})`;
}

/** What Go says of a process that failed. */
function failureText({ outcome, detail, bill }: InvocationRecord): string | undefined {
  switch (outcome) {
    case "exit":
      return `exit status ${detail}`;
    case "signal":
      return `signal: ${detail}`;
    case "spawn-failed":
      return detail ?? outcome;
    case "bad-answer":
      return badAnswerText(detail);
    case "ok":
    case "refused":
      return undefined;
    // What ends because its time is over, or because nobody waits for it, is killed.
    default:
      return bill === undefined ? undefined : "signal: killed";
  }
}

const badAnswerText = (reason = "") => `The function's answer cannot be sent: ${reason}`;

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** Thousands and four digits, as the library that theirs uses: `11B`, `13.01kB`, `1.5MB`. */
export function humanSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${Number(size.toPrecision(4))}${UNITS[unit]}`;
}

function formatFields(fields: LogFields = {}): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) => ` ${name}=${value instanceof Error ? value.message : formatValue(value)}`,
    )
    .join("");
}

function formatValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

const LINE_FEED = 10;

function latin1(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

/** Whatever a client put into its path must not begin a line of its own, nor speak to the reader's terminal. A tab may stay. */
function escapeControls(text: string): string {
  return CONTROL.test(text) ? text.replace(EACH_CONTROL, toEscape) : text;
}

const CONTROL = /(?!\t)[\p{Cc}\u2028\u2029]/u;
const EACH_CONTROL = new RegExp(CONTROL, "gu");

function toEscape(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, "0")}`;
}
