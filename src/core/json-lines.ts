/**
 * Lines of a function's, as the logger would write them: a line each of JSON, with its end. They do not go through it, since a
 * flood of them would hold everybody else twenty times as long.
 */
export function toJsonLines(stream: string, lines: string, isPartial: boolean): string {
  const head = `{"level":"info"${timestampField()},"stream":"${stream}","text":`;
  const tail = isPartial ? ',"partial":true}\n' : "}\n";
  const records = lines.split("\n").map((line) => head + JSON.stringify(line));
  const all = records.join(tail) + tail;
  // To look through what they came from takes a fraction of the time.
  return REST.test(lines) ? escapeRest(all) : all;
}

/**
 * JSON escapes what is below a blank. A terminal obeys DEL and the second set of control characters too, and some readers
 * take U+2028 and U+2029 for the end of a line. All of them are inside of strings here, so that they can be escaped afterwards.
 */
export function escapeRest(lines: string): string {
  return REST.test(lines) ? lines.replace(EACH_REST, toEscape) : lines;
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
export function timestampField(): string {
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
