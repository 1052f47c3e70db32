import { type Logger, pino, stdSerializers } from "pino";
import { escapeRest, timestampField } from "./json-lines.ts";
import type { LineSink } from "./log-sink.ts";

export function createJsonLogger(sink: LineSink): Logger {
  return pino(
    {
      base: null,
      timestamp: timestampField,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: stdSerializers.err },
    },
    { write: (line) => sink.write(escapeRest(line)) },
  );
}
