import { quote } from "../config/problems.ts";
import { type BadAnswer, badAnswer, type Field, type SaidHead } from "./answer-head.ts";

/** More is no head of an answer. */
const LIMIT_BYTES = 64 * 1024;

/**
 * What a program writes to descriptor 3 (`control_fd`): perhaps a line `READY`, then one line of JSON,
 * `{"status":201,"headers":{"X-A":"b","Set-Cookie":["c=1","d=2"]}}`, in UTF-8.
 */
export class ControlMessage {
  readonly #chunks: Buffer[] = [];
  #size = 0;

  /** False: this is more than can be a message. */
  push(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    return this.#size <= LIMIT_BYTES;
  }

  /** What has come; `undefined`: nothing about the answer. */
  read(): SaidHead | BadAnswer | undefined {
    const lines = decode(Buffer.concat(this.#chunks))?.split("\n");
    if (lines === undefined) return badAnswer("descriptor 3 has bytes that are not UTF-8");
    if (lines[0] === "READY") lines.shift();
    if (lines.at(-1) === "") lines.pop();
    const [line, ...others] = lines;
    if (line === undefined) return undefined;
    if (others.length > 0) return badAnswer("descriptor 3 has more than one line");
    return parse(line);
  }
}

export const TOO_LONG = badAnswer(`descriptor 3 has more than ${LIMIT_BYTES} bytes`);

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parse(line: string): SaidHead | BadAnswer {
  const message = parseJson(line);
  if (!isObject(message))
    return badAnswer(`descriptor 3 has no JSON object: ${quote(encode(line))}`);
  const { status, headers = {}, ...others } = message;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    return badAnswer(`descriptor 3 has ${quote(encode(unknown))} beside status and headers`);
  }
  if (status !== undefined && typeof status !== "number") {
    return badAnswer("descriptor 3 has a status that is no number");
  }
  if (!isObject(headers)) return badAnswer("descriptor 3 has headers that are no object");
  const fields = Object.entries(headers).flatMap(toFields);
  return fields.includes(undefined)
    ? badAnswer("descriptor 3 has a header that is neither text nor a list of texts")
    : { status, fields: fields as Field[] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function toFields([name, given]: [string, unknown]): readonly (Field | undefined)[] {
  const values: readonly unknown[] = Array.isArray(given) ? given : [given];
  return values.map((value) =>
    typeof value === "string" ? ([encode(name), encode(value)] as const) : undefined,
  );
}

/** As the bytes that it was written in, one character each. */
const encode = (text: string): string => Buffer.from(text).toString("latin1");
