import { parseHeaderLine, toTrailers } from "./answer-head.ts";
import { BadAnswer } from "./bad-answer.ts";

/** Size and extensions of a chunk, or a trailer: longer ones are nobody's. */
const LONGEST_LINE = 16 * 1024;
const MOST_TRAILERS = 100;
const LINE_FEED = 10;

type State = "size" | "data" | "dataEnd" | "trailers";

/** A body in chunks (RFC 9112 7.1), of which each piece is passed on as it comes. */
export class ChunkedBody {
  #state: State = "size";
  #left = 0;
  #line = "";
  readonly #trailers: string[] = [];

  /** What came behind the last chunk and is meant for a client. */
  get trailers(): [string, string][] {
    return toTrailers(this.#trailers);
  }

  /** What is behind the body; `undefined`: it goes on. */
  read(bytes: Buffer, onPiece: (piece: Buffer) => void): Buffer | undefined {
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === "data") {
        const end = Math.min(at + this.#left, bytes.length);
        this.#left -= end - at;
        onPiece(bytes.subarray(at, end));
        at = end;
        if (this.#left === 0) this.#state = "dataEnd";
        continue;
      }
      const end = bytes.indexOf(LINE_FEED, at);
      this.#line += bytes.toString("latin1", at, end < 0 ? bytes.length : end);
      if (this.#line.length > LONGEST_LINE)
        throw new BadAnswer("a line between chunks is too long");
      if (end < 0) return undefined;
      at = end + 1;
      if (this.#endLine()) return bytes.subarray(at);
    }
    return undefined;
  }

  /** True: it was the last one. */
  #endLine(): boolean {
    if (!this.#line.endsWith("\r")) throw new BadAnswer("a line between chunks has no proper end");
    const line = this.#line.slice(0, -1);
    this.#line = "";
    if (this.#state === "size") this.#beginChunk(line);
    else if (this.#state === "dataEnd") {
      if (line !== "") throw new BadAnswer("a chunk is longer than it says");
      this.#state = "size";
    } else if (line === "") return true;
    else if (this.#trailers.push(...parseHeaderLine(line)) > MOST_TRAILERS * 2) {
      throw new BadAnswer("there are too many trailers");
    }
    return false;
  }

  #beginChunk(line: string): void {
    const [, size] = /^([\da-f]{1,12})[\t ]*(?:;.*)?$/i.exec(line) ?? [];
    if (size === undefined) throw new BadAnswer("a chunk has no size");
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? "trailers" : "data";
  }
}
