import type { Stats } from "node:fs";
import { isSameVersion, type Representation } from "./representation.ts";

/** A file that was read whole. */
export interface SmallFile {
  readonly stats: Stats;
  readonly representation: Representation;
  /** One character a byte. */
  readonly content: string;
}

const LIMIT_BYTES = 8 * 1024 * 1024;
/** About what an entry takes besides its content. */
const ENTRY_BYTES = 1024;

/** Small files, those that were asked for last. Whether one is still what it was is asked of the file system each time. */
export class Memory {
  #bytes = 0;
  readonly #files = new Map<string, SmallFile>();

  has(key: string): boolean {
    return this.#files.has(key);
  }

  /** The file, if it is still what `stats` are of. */
  recall(key: string, stats: Stats | undefined): SmallFile | undefined {
    const file = this.#files.get(key);
    if (file === undefined) return undefined;
    this.#forget(key, file);
    if (stats === undefined || !isSameVersion(stats, file.stats)) return undefined;
    this.keep(key, file);
    return file;
  }

  keep(key: string, file: SmallFile): void {
    const before = this.#files.get(key);
    if (before !== undefined) this.#forget(key, before);
    this.#files.set(key, file);
    this.#bytes += sizeOf(file);
    for (const [oldest, old] of this.#files) {
      if (this.#bytes <= LIMIT_BYTES) break;
      this.#forget(oldest, old);
    }
  }

  #forget(key: string, file: SmallFile): void {
    this.#files.delete(key);
    this.#bytes -= sizeOf(file);
  }
}

const sizeOf = ({ content }: SmallFile) => content.length + ENTRY_BYTES;
