import type { Readable } from "node:stream";
import { ChildOutput, whenPipesAreRead } from "./child-output.ts";

/** What a child writes to descriptor 3. */
export class ChildControl {
  readonly #output: ChildOutput;
  #isRead = false;

  constructor(stream: Readable, onChunk: (chunk: Buffer) => void) {
    this.#output = new ChildOutput(stream, onChunk, () => {});
  }

  /**
   * Asked when the process has ended: whether all that it said was passed on, whoever else may say more for ever. False:
   * soon, and then it is called back.
   */
  isRead(callback: () => void): boolean {
    if (!this.#output.isOpen || this.#isRead) return true;
    whenPipesAreRead(() => {
      this.#isRead = true;
      callback();
    });
    return false;
  }

  close(): void {
    this.#output.close();
  }
}
