import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A function that notes each of its runs before it echoes, so that a test can count at the function itself. */
export class RecordingFunction {
  readonly command: string;
  readonly #file: string;

  /** `seconds`: how long it takes. */
  constructor(folder: string, seconds = "0") {
    const script = join(folder, "records.sh");
    this.#file = join(folder, "runs");
    writeFileSync(this.#file, "");
    writeFileSync(script, `echo "$Http_X_Call_Id" >>${this.#file}; sleep ${seconds}; cat\n`);
    this.command = `sh ${script}`;
  }

  /** The call ids of all runs, in the order in which they began. */
  get runs(): string[] {
    return readFileSync(this.#file, "utf8").split("\n").filter(Boolean);
  }
}
