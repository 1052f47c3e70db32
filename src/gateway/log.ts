import { escapeRest } from "../core/json-lines.ts";
import { createJsonLogger } from "../core/json-logger.ts";
import { timestamp } from "../core/local-time.ts";
import { type LineSink, LogSink } from "../core/log-sink.ts";

type Fields = Readonly<Record<string, unknown>>;
type Level = "info" | "warn" | "error";
type Say = (message: string, fields?: Fields) => void;

/** What the gateway has to say, a line each. */
export interface GatewayLog extends AsyncDisposable {
  readonly info: Say;
  readonly warn: Say;
  /** A field `error` is written with its stack. */
  readonly error: Say;
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
  return {
    info: (message, fields) => say("info", message, fields),
    warn: (message, fields) => say("warn", message, fields),
    error: (message, fields) => say("error", message, fields),
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
    sink.write(escapeRest(`${timestamp()}${mark}${toLine(message)}${said.join("")}`).concat("\n"));
  };
}

function toText(value: unknown): string {
  return JSON.stringify(value instanceof Error ? (value.stack ?? value.message) : value);
}

/** Messages of others may have more than one line. */
function toLine(message: string): string {
  return message.replaceAll(/\p{Cc}+/gu, " ");
}
