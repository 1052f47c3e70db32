import { type Bill, NO_BILL, type Outcome } from "../outcome.ts";
import type { Run, RunListener } from "../run.ts";
import { encodeClosed, encodeKill, KILL_NOW } from "./frames.ts";
import { InputPipe } from "./input-pipe.ts";
import { OutputPipe } from "./output-pipe.ts";
import type { PipeHandle } from "./pipe-handle.ts";

const STDIN = 0;
const STDOUT = 1;

/**
 * A process that the spawner makes. Frames tell what becomes of it, in their order; pipe ends come over another channel, so
 * before or after the frame that names them.
 */
export class SpawnedRun implements Run {
  readonly id: number;
  readonly #send: (frame: Buffer) => void;
  readonly #listener: RunListener;
  readonly #input: InputPipe | undefined;
  /** The rest of stdout comes through a pipe: the frame has said so. */
  #isPassed = false;
  #outputHandle: PipeHandle | undefined;
  #output: OutputPipe | undefined;
  #outputHasEnded = false;
  /** Output that came while its receiver was paused. */
  #waiting: Buffer[] = [];
  #isPaused = false;
  #bill = NO_BILL;
  /** How the process ended, whoever still holds its output. */
  #exit: Outcome | undefined;
  #isDecided = false;
  #isGone = false;
  #goneIsTold = false;

  constructor(
    id: number,
    hasWholeBody: boolean,
    send: (frame: Buffer) => void,
    listener: RunListener,
  ) {
    this.id = id;
    this.#send = send;
    this.#listener = listener;
    this.#input = hasWholeBody ? undefined : new InputPipe(listener);
  }

  write(chunk: Uint8Array): boolean {
    return this.#input === undefined || this.#input.write(chunk);
  }

  endInput(): void {
    this.#input?.end();
  }

  pauseOutput(): void {
    if (!this.#isDecided) {
      this.#isPaused = true;
      this.#output?.pause();
    }
  }

  resumeOutput(): void {
    this.#isPaused = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const chunk of waiting) {
      this.receiveOutput(chunk);
    }
    if (!this.#isPaused) {
      this.#output?.resume();
      this.#openOutput();
      this.#advance();
    }
  }

  terminate(reason: "aborted" | "outputTooLarge"): void {
    this.#terminate(reason, 0);
  }

  /** Ends the session at once, without grace. */
  kill(): void {
    this.#terminate("aborted", KILL_NOW);
  }

  /** The spawner is gone, and the session with it. */
  abandon(): void {
    this.#decide({ kind: "aborted" });
    this.gone();
  }

  receiveOutput(chunk: Buffer): void {
    if (this.#isDecided) {
      return;
    }
    if (this.#isPaused) {
      this.#waiting.push(chunk);
    } else {
      this.#listener.onOutput(chunk);
    }
  }

  receiveErrorOutput(chunk: Buffer): void {
    this.#listener.onErrorOutput(chunk);
  }

  outputIsPassed(): void {
    this.#isPassed = true;
    this.#openOutput();
  }

  receiveHandle(descriptor: number, handle: PipeHandle): void {
    if (descriptor === STDIN && this.#input !== undefined) {
      this.#input.open(handle);
    } else {
      this.#outputHandle = handle;
      this.#openOutput();
    }
  }

  expired(): void {
    const restIsHere =
      !this.#isPassed || this.#output !== undefined || this.#outputHandle !== undefined;
    // A process that has ended is not late because its reader is slow; what it left behind is.
    if (this.#exit === undefined || !this.#isPaused || !restIsHere) {
      this.#decide({ kind: "timedOut" });
    }
  }

  exited(outcome: Outcome, bill: Bill): void {
    this.#exit = outcome;
    this.#bill = bill;
    this.#advance();
  }

  gone(): void {
    this.#isGone = true;
    this.#advance();
  }

  #terminate(reason: "aborted" | "outputTooLarge", flags: number): void {
    // Without an outcome the session is not being ended; with one only more haste makes a difference.
    if (!this.#isGone && (!this.#isDecided || flags !== 0)) {
      this.#send(encodeKill(this.id, flags));
    }
    this.#decide({ kind: reason });
    this.#advance();
  }

  /** Opens the pipe once frame and handle are both there, and what came before it was passed on. */
  #openOutput(): void {
    const handle = this.#outputHandle;
    if (handle === undefined || !this.#isPassed || this.#isPaused) {
      return;
    }
    this.#outputHandle = undefined;
    this.#output = new OutputPipe(
      handle,
      (chunk) => this.receiveOutput(chunk),
      () => {
        this.#outputHasEnded = true;
        this.#send(encodeClosed(this.id, STDOUT));
        this.#advance();
      },
    );
    if (this.#isDecided) {
      this.#output.discard();
    }
  }

  /** Takes the steps that what has happened so far allows. */
  #advance(): void {
    const outputIsComplete =
      this.#waiting.length === 0 && (!this.#isPassed || this.#outputHasEnded);
    if (this.#exit !== undefined && outputIsComplete) {
      this.#decide(this.#exit);
    }
    if (this.#isDecided && this.#isGone && !this.#goneIsTold) {
      this.#goneIsTold = true;
      this.#input?.close();
      this.#output?.close();
      this.#outputHandle?.close();
      this.#listener.onGone(this.#bill);
    }
  }

  #decide(outcome: Outcome): void {
    if (this.#isDecided) {
      return;
    }
    this.#isDecided = true;
    this.#isPaused = false;
    this.#waiting = [];
    this.#output?.discard();
    this.#openOutput();
    if (this.#input?.abandon()) {
      this.#listener.onInputClosed();
    }
    this.#listener.onOutcome(outcome);
  }
}
