import { type Logger, pino, stdSerializers } from "pino";
import type { LineSink } from "../core/log-sink.ts";

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

/**
 * JSON escapes what is below a blank. A terminal obeys DEL and the second set of control characters too, and some readers
 * take U+2028 and U+2029 for the end of a line. All of them are inside of strings here, so that they can be escaped afterwards.
 */
function escapeRest(line: string): string {
  return REST.test(line) ? line.replace(EACH_REST, toEscape) : line;
}

const REST = /[\u007f-\u009f\u2028\u2029]/;
const EACH_REST = new RegExp(REST, "g");

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

let millisecond = 0;
let second = 0;
let untilSecond = "";
let field = "";

/** `new Date().toISOString()` as a field, several times as fast: little of it changes from line to line. */
function timestampField(): string {
  const now = Date.now();
  if (now === millisecond) return field;
  millisecond = now;
  const nowSecond = Math.floor(now / 1000);
  if (nowSecond !== second) {
    second = nowSecond;
    untilSecond = new Date(now).toISOString().slice(0, -4);
  }
  field = `,"time":"${untilSecond}${String(now - nowSecond * 1000).padStart(3, "0")}Z"`;
  return field;
}
