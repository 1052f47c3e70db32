import { clip } from "../core/clip.ts";
import { escapeRest } from "../core/json-lines.ts";
import { createJsonLogger } from "../core/json-logger.ts";
import { timestamp } from "../core/local-time.ts";
import { type LineSink, LogSink } from "../core/log-sink.ts";

type Fields = Readonly<Record<string, unknown>>;
type Level = "info" | "warn" | "error";
type Say = (message: string, fields?: Fields) => void;

/** One request from its headers to the end of its answer. */
export interface AccessRecord {
  /** `invocation`: it was for a function. */
  readonly message: "invocation" | "request";
  readonly function?: string | undefined;
  readonly method: string;
  readonly path: string;
  /** 499 where the client left before it had an answer. */
  readonly status: number;
  readonly seconds: number;
  /** Of the answer's body. */
  readonly bytes: number;
  /** The address of whoever asked. */
  readonly client: string;
  readonly callId?: string | undefined;
  /** Why the gateway answered itself, or the answer is not whole. */
  readonly reason?: string | undefined;
}

/** What the gateway has to say, a line each. */
export interface GatewayLog extends AsyncDisposable {
  readonly info: Say;
  readonly warn: Say;
  /** A field `error` is written with its stack. */
  readonly error: Say;
  /** These give way to the other lines, where nobody reads. */
  access(record: AccessRecord): void;
  /** Lines that nobody read in time. */
  readonly dropped: number;
  /** Writes what can be written without waiting: for a crash. */
  flush(): void;
}

/** `descriptor`: where the log goes. */
export function createGatewayLog(format: "json" | "text", descriptor = 2): GatewayLog {
  const sink = new LogSink({
    descriptor,
    onResume: (lines) =>
      say("warn", `${lines} log lines were dropped, because nobody read them.`, { lines }),
  });
  const say = format === "text" ? createText(sink) : createJson(sink);
  const toLine = format === "text" ? toTextLine : toJsonLine;
  return {
    info: (message, fields) => say("info", message, fields),
    warn: (message, fields) => say("warn", message, fields),
    error: (message, fields) => say("error", message, fields),
    access(record) {
      if (sink.isCrowded) sink.drop(1);
      else say(record.status >= 500 ? "warn" : "info", ...toLine(record));
    },
    get dropped() {
      return sink.dropped;
    },
    flush: () => sink.flush(),
    [Symbol.asyncDispose]: () => sink.close(),
  };
}

function createJson(sink: LineSink) {
  const logger = createJsonLogger(sink);
  return (level: Level, message: string, fields: Fields = {}) => logger[level](fields, message);
}

/** For people. What somebody else has said is quoted, so that it cannot pass for a line of ours. */
function createText(sink: LineSink) {
  return (level: Level, message: string, fields: Fields = {}) => {
    const mark = level === "info" ? "" : `${level.toUpperCase()} `;
    const said = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ` ${name}=${toText(value)}`);
    sink.write(
      escapeRest(`${timestamp()}${mark}${toOneLine(message)}${said.join("")}`).concat("\n"),
    );
  };
}

type Line = readonly [message: string, fields: Fields];

function toJsonLine({ message, seconds, ...fields }: AccessRecord): Line {
  const ms = Math.round(seconds * 1e6) / 1000;
  return [message, { ...fields, path: clip(fields.path), ms }];
}

/** As the Go gateways have it, and behind it what they do not say. */
function toTextLine({ message, method, path, status, seconds, ...fields }: AccessRecord): Line {
  const what = message === "invocation" ? `Forwarded [${method}] to` : `[${method}]`;
  const { function: _, ...more } = fields;
  return [`${what} ${clip(path)} - [${status}] - ${seconds.toFixed(4)}s`, more];
}

function toText(value: unknown): string {
  return JSON.stringify(value instanceof Error ? (value.stack ?? value.message) : value);
}

/** Messages of others may have more than one line. */
function toOneLine(message: string): string {
  return message.replaceAll(/\p{Cc}+/gu, " ");
}
