import { type Bill, NO_BILL, type Outcome } from "../outcome.ts";
import type { Run, RunListener } from "../run.ts";
import { encodeClosed, encodeKill, HEADER_BYTES, KILL_NOW } from "./frames.ts";
import { InputPipe } from "./input-pipe.ts";
import type { PipeHandle } from "./pipe-handle.ts";
import { RunOutput } from "./run-output.ts";

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

/** A process that the spawner makes: what its frames tell becomes what the listener is told, each thing once. */
export class SpawnedRun implements Run {
  readonly id: number;
  readonly #send: (frame: Buffer) => void;
  readonly #listener: RunListener;
  /** `undefined` where the whole body went with the request to start. */
  readonly #input: InputPipe | undefined;
  readonly #output: RunOutput;
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
    this.#output = new RunOutput(
      (chunk) => listener.onOutput(chunk),
      () => {
        send(encodeClosed(id, STDOUT));
        this.#advance();
      },
    );
  }

  write(chunk: Uint8Array): boolean {
    return this.#input === undefined || this.#input.write(chunk);
  }

  endInput(): void {
    this.#input?.end();
  }

  pauseOutput(): void {
    this.#output.pause();
  }

  resumeOutput(): void {
    this.#output.resume();
    this.#advance();
  }

  terminate(reason: "aborted" | "outputTooLarge"): void {
    this.#terminate({ kind: reason }, 0);
  }

  /** Ends the session at once, without grace. */
  kill(): void {
    this.#terminate({ kind: "aborted" }, KILL_NOW);
  }

  /** One of its pipes could not be had: what it reads or writes is not the truth. */
  fail(errno: number): void {
    this.#terminate({ kind: "spawnFailed", errno }, KILL_NOW);
  }

  /** The spawner is gone, and the session with it. */
  abandon(): void {
    this.#decide({ kind: "aborted" });
    this.gone();
  }

  get awaitsInputPipe(): boolean {
    return this.#input !== undefined && !this.#input.isConnected && !this.#isDecided;
  }

  receiveOutput(chunk: Buffer): void {
    this.#output.receive(chunk);
  }

  /** A frame `OUT`, valid during the call alone. */
  receiveOut(bytes: Buffer, start: number, end: number): void {
    const descriptor = bytes.readUInt16LE(start + 10);
    if (end === start + HEADER_BYTES) {
      return;
    }
    const chunk = Buffer.from(bytes.subarray(start + HEADER_BYTES, end));
    if (descriptor === STDOUT) {
      this.#output.receive(chunk);
    } else if (descriptor === STDERR) {
      this.#listener.onErrorOutput(chunk);
    } else if (!this.#isDecided) {
      this.#listener.onControlOutput(chunk);
    }
  }

  outputIsPassed(): void {
    this.#output.announcePipe();
  }

  receiveHandle(descriptor: number, handle: PipeHandle): void {
    if (descriptor === STDIN && this.#input !== undefined) {
      this.#input.open(handle);
    } else {
      this.#output.receivePipe(handle);
    }
  }

  expired(): void {
    // A process that has ended is not late because its reader is slow; what it left behind is.
    const onlyItsReaderIsSlow =
      this.#exit !== undefined && this.#output.isPaused && this.#output.isAtHand;
    if (!onlyItsReaderIsSlow) {
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

  #terminate(outcome: Outcome, flags: number): void {
    // Without an outcome the session is not being ended; with one only more haste makes a difference.
    if (!this.#isGone && (!this.#isDecided || flags !== 0)) {
      this.#send(encodeKill(this.id, flags));
    }
    this.#decide(outcome);
    this.#advance();
  }

  /** Takes the steps that what has happened so far allows. */
  #advance(): void {
    if (this.#exit !== undefined && this.#output.isComplete) {
      this.#decide(this.#exit);
    }
    if (this.#isDecided && this.#isGone && !this.#goneIsTold) {
      this.#goneIsTold = true;
      this.#input?.close();
      this.#output.close();
      this.#listener.onGone(this.#bill);
    }
  }

  /** The first reason wins. */
  #decide(outcome: Outcome): void {
    if (this.#isDecided) {
      return;
    }
    this.#isDecided = true;
    this.#output.discard();
    if (this.#input?.abandon()) {
      this.#listener.onInputClosed();
    }
    this.#listener.onOutcome(outcome);
  }
}
