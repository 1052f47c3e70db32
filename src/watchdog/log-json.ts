import type { Logger } from "pino";
import { clip } from "../core/clip.ts";
import { toJsonLines } from "../core/json-lines.ts";
import type { LineSink } from "../core/log-sink.ts";
import { countLines, splitLines } from "./function-log.ts";
import type { Log, LogConfig, LogFields } from "./log.ts";
import type { InvocationRecord } from "./telemetry.ts";

/**
 * A line of JSON each, made by pino. To load it takes longer than the rest of the start, so that is done with the first
 * line, which is written when the port is open already; lines wait until it is there.
 */
export function createJsonLog(config: Pick<LogConfig, "logBufferBytes">, sink: LineSink): Log {
  const write = createLateLogger(() =>
    import("../core/json-logger.ts").then(({ createJsonLogger }) => createJsonLogger(sink)),
  );
  return {
    message: (level, text, fields = {}) => write.line((logger) => logger[level](fields, text)),
    processStarting() {},
    processEnded() {},
    access: (record) => write.line((logger) => logger.info(accessFields(record))),
    functionLog: (stream) =>
      splitLines(config.logBufferBytes, (lines, isPartial) => {
        const count = countLines(lines);
        if (sink.isCrowded) {
          sink.drop(count);
          return;
        }
        const text = lines.toString();
        write.line(() => sink.write(toJsonLines(stream, text, isPartial), count));
      }),
    settled: write.settled,
  };
}

type Line = (logger: Logger) => void;

function createLateLogger(load: () => Promise<Logger>) {
  const waiting: Line[] = [];
  let logger: Logger | undefined;
  let loading: Promise<void> | undefined;
  async function loadAndCatchUp(): Promise<void> {
    const loaded = await load();
    for (const line of waiting.splice(0)) line(loaded);
    logger = loaded;
  }
  return {
    line(line: Line): void {
      if (logger !== undefined) {
        line(logger);
        return;
      }
      waiting.push(line);
      loading ??= loadAndCatchUp();
    },
    settled: async (): Promise<void> => loading,
  };
}

function accessFields(record: InvocationRecord): LogFields {
  const { method, path, status, milliseconds, bytes, outcome, detail, callId, bill } = record;
  return {
    msg: "invocation",
    method,
    path: clip(path),
    status,
    ms: rounded(milliseconds),
    waitMs: record.waitedMs === undefined ? undefined : rounded(record.waitedMs),
    bytes,
    outcome,
    detail,
    denied: record.denied,
    callId: callId === undefined ? undefined : clip(callId),
    pid: bill?.pid,
    cpuMs: bill === undefined ? undefined : (bill.userMicros + bill.systemMicros) / 1000,
    maxRssKiB: bill?.maxRssKiB,
  };
}

/** To microseconds. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
