import type { LineSink } from "../../src/core/log-sink.ts";

/** A sink that keeps what it gets. */
export class CollectedLines implements LineSink {
  isCrowded = false;
  dropped = 0;
  /** How many lines were said to be written. */
  lines = 0;
  readonly #written: Buffer[] = [];

  write(lines: string | Uint8Array, count = 1): void {
    this.lines += count;
    this.#written.push(Buffer.from(lines as string));
  }

  drop(lines: number): void {
    this.dropped += lines;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#written);
  }

  get text(): string {
    return this.bytes.toString();
  }

  /** Each line, parsed. */
  get records(): Record<string, unknown>[] {
    return this.text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }
}
