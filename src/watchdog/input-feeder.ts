import type { Run } from "../process/run.ts";

/** A body in pieces; an empty one is its end. */
export interface InputSource {
  read(receive: (error: Error | null, piece: Uint8Array) => void): void;
  close(): void;
}

/** Writes a body to a process, as fast as the process reads it. */
export class InputFeeder {
  readonly #source: InputSource;
  readonly #run: Run;
  readonly #onFailed: (error: Error) => void;
  #isOver = false;
  #isPumping = false;
  #goesOn = false;

  constructor(source: InputSource, run: Run, onFailed: (error: Error) => void) {
    this.#source = source;
    this.#run = run;
    this.#onFailed = onFailed;
  }

  /** At the beginning, and whenever the run takes more. */
  pump(): void {
    this.#goesOn = true;
    // A source that answers at once must not become a recursion as deep as the body has pieces.
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#goesOn && !this.#isOver) {
      this.#goesOn = false;
      this.#source.read((error, piece) => this.#pass(error, piece));
    }
    this.#isPumping = false;
  }

  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#source.close();
  }

  #pass(error: Error | null, piece: Uint8Array): void {
    if (this.#isOver) return;
    if (error !== null) {
      this.stop();
      this.#onFailed(error);
    } else if (piece.length === 0) {
      this.stop();
      this.#run.endInput();
    } else if (this.#run.write(piece)) {
      this.pump();
    }
  }
}
