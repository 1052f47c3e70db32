/**
 * Reads one HTTP answer after another from the bytes of a connection. Only what the servers measured here send: it is made
 * to cost little, since it shares the machine with them, and to say whether an answer was complete.
 */
export interface AnswerListener {
  onHead(head: AnswerHead): void;
  /** A piece of the body; the buffer is used again afterwards. */
  onBody(piece: Buffer): void;
  onComplete(): void;
}

export interface AnswerHead {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

export interface AnswerParser {
  push(bytes: Buffer): void;
  /** The connection has ended in order: completes an answer that is delimited by that alone. */
  end(): void;
}

type State = "head" | "length" | "chunkSize" | "chunk" | "chunkEnd" | "trailer" | "untilEnd";

export function createAnswerParser(listener: AnswerListener): AnswerParser {
  return new Parser(listener);
}

class Parser implements AnswerParser {
  #listener: AnswerListener;
  #state: State = "head";
  /** Lines that are not complete yet. */
  #text = "";
  #left = 0;

  constructor(listener: AnswerListener) {
    this.#listener = listener;
  }

  push(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      rest = this.#isInBody() ? this.#takeBody(rest) : this.#takeText(rest);
    }
  }

  end(): void {
    if (this.#state === "untilEnd") this.#complete();
  }

  #isInBody(): boolean {
    return this.#state === "length" || this.#state === "chunk" || this.#state === "untilEnd";
  }

  #takeBody(bytes: Buffer): Buffer {
    const piece = bytes.subarray(0, this.#left);
    this.#left -= piece.length;
    this.#listener.onBody(piece);
    if (this.#left === 0) {
      if (this.#state === "length") this.#complete();
      else this.#state = "chunkEnd";
    }
    return bytes.subarray(piece.length);
  }

  #takeText(bytes: Buffer): Buffer {
    const end = this.#state === "head" ? "\r\n\r\n" : "\r\n";
    // What ends the text may have begun in the bytes before.
    const known = this.#text.length;
    this.#text += bytes.toString("latin1", 0, 65_536);
    const index = this.#text.indexOf(end);
    if (index < 0) return bytes.subarray(65_536);
    const text = this.#text.slice(0, index);
    this.#text = "";
    this.#takeUnit(text);
    return bytes.subarray(index + end.length - known);
  }

  #takeUnit(text: string): void {
    if (this.#state === "head") this.#takeHead(text);
    else if (this.#state === "chunkSize") this.#startChunk(Number.parseInt(text, 16));
    else if (this.#state === "chunkEnd") this.#state = "chunkSize";
    else if (text === "") this.#complete();
  }

  #startChunk(size: number): void {
    if (Number.isNaN(size)) throw new Error("not a chunk's size");
    this.#left = size;
    this.#state = size === 0 ? "trailer" : "chunk";
  }

  #takeHead(text: string): void {
    const [statusLine = "", ...lines] = text.split("\r\n");
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1]);
    if (Number.isNaN(status)) throw new Error(`not an answer: ${statusLine.slice(0, 80)}`);
    const headers = new Map(
      lines.map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    if (status === 100) return;
    const length = headers.get("content-length");
    this.#left = length === undefined ? Number.POSITIVE_INFINITY : Number(length);
    if (headers.get("transfer-encoding") === "chunked") this.#state = "chunkSize";
    else this.#state = length === undefined ? "untilEnd" : "length";
    this.#listener.onHead({ status, headers });
    if (this.#state === "length" && this.#left === 0) this.#complete();
  }

  #complete(): void {
    this.#state = "head";
    this.#listener.onComplete();
  }
}
