import { quote } from "../config/problems.ts";
import { type BadAnswer, badAnswer, type Field, type SaidHead } from "./answer-head.ts";

/** A header block longer than this is none. */
const LIMIT_BYTES = 64 * 1024;

/** A whole header block, and what came of the body with its last piece. */
export interface CgiHead extends SaidHead {
  readonly body: Buffer;
}

/** Reads the header block that a CGI program's output begins with (RFC 3875, 6.2 and 6.3): lines that end with LF or CRLF. */
export class CgiHeadReader {
  /** What is not a whole line yet. */
  #rest = "";
  #size = 0;
  #status: number | undefined;
  readonly #fields: Field[] = [];
  /** One of those that an answer of CGI must have. */
  #isAnswer = false;

  get hasBegun(): boolean {
    return this.#rest !== "" || this.#size > 0;
  }

  /** `undefined`: there is more to come. */
  push(chunk: Buffer): CgiHead | BadAnswer | undefined {
    const text = this.#rest + chunk.toString("latin1", 0, LIMIT_BYTES);
    if (!chunk.includes(LINE_FEED)) return this.#keep(text);
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      const line = text.slice(start, text[end - 1] === "\r" && end > start ? end - 1 : end);
      start = end + 1;
      const body = chunk.subarray(start - this.#rest.length);
      if (line === "") return this.#finish(body);
      const fault = this.#add(line);
      if (fault !== undefined) return badAnswer(fault);
    }
    this.#size += start;
    return this.#keep(text.slice(start));
  }

  /** The output is over. */
  get missing(): BadAnswer {
    const isEmpty = this.#fields.length === 0 && this.#status === undefined && this.#rest === "";
    return badAnswer(
      isEmpty ? "there is no header block" : "the output ends within its header block",
    );
  }

  #keep(rest: string): BadAnswer | undefined {
    this.#rest = rest;
    return this.#size + rest.length < LIMIT_BYTES ? undefined : TOO_LONG;
  }

  #add(line: string): string | undefined {
    const colon = line.indexOf(":");
    if (colon <= 0) return `${quote(line)} is no header`;
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).replace(BLANKS_AROUND, "");
    const lowerName = name.toLowerCase();
    this.#isAnswer ||= NEEDED.has(lowerName);
    if (lowerName !== "status") {
      this.#fields.push([name, value]);
      return undefined;
    }
    if (this.#status !== undefined) return "Status comes twice";
    const code = /^(\d{3})(?: |$)/.exec(value)?.[1];
    if (code === undefined) return `Status is ${quote(value)}`;
    this.#status = Number(code);
    return undefined;
  }

  #finish(body: Buffer): CgiHead | BadAnswer {
    if (!this.#isAnswer) {
      return badAnswer("the header block has neither Content-Type, Location nor Status");
    }
    return { status: this.#status, fields: this.#fields, body };
  }
}

const LINE_FEED = 0x0a;
const NEEDED = new Set(["content-type", "location", "status"]);
const BLANKS_AROUND = /^[ \t]+|[ \t]+$/g;
const TOO_LONG = badAnswer(`the header block is longer than ${LIMIT_BYTES} bytes`);
