import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { Socket } from "node:net";
import { constants } from "node:os";
import { NO_BILL, type Outcome } from "../outcome.ts";
import type { ProcessesOptions, Run, RunListener, RunOptions } from "../run.ts";
import type { Program } from "./program.ts";
import { endSession, signalSession } from "./session.ts";

/** How long error output may still come once the session is gone: what escaped it can hold the pipe for ever. */
const LAST_WORDS_MS = 100;

/** A process that `child_process` has made. */
export class ChildRun implements Run {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #pid: number;
  readonly #startMicros: number;
  readonly #listener: RunListener;
  readonly #settings: ProcessesOptions;
  readonly #onGone: () => void;
  readonly #started = performance.now();
  #deadline: NodeJS.Timeout | undefined;
  /** The outputs that belong to the answer and have not ended. */
  #answering = 0;
  #errorOutputIsOpen = true;
  #wallMicros = 0;
  #exit: Outcome | undefined;
  #decided = false;
  #sessionIsEnding = false;
  #sessionIsGone = false;
  #gone = false;

  constructor(
    program: Program,
    settings: ProcessesOptions,
    listener: RunListener,
    onGone: () => void,
  ) {
    this.#child = program.child;
    this.#pid = program.pid;
    this.#startMicros = toMicros(program.startMs);
    this.#settings = settings;
    this.#listener = listener;
    this.#onGone = onGone;
  }

  begin(options: RunOptions): void {
    this.#readOutputs(options.combineOutput);
    this.#openInput(options.body);
    this.#child.once("exit", (code, signal) => {
      this.#wallMicros = toMicros(performance.now() - this.#started);
      this.#exit = toOutcome(code, signal);
      this.#advance();
    });
    if (options.deadlineMs > 0) {
      this.#deadline = setTimeout(() => this.#expire(), options.deadlineMs);
    }
  }

  write(chunk: Uint8Array): boolean {
    const { stdin } = this.#child;
    return this.#decided || !stdin.writable || stdin.write(chunk);
  }

  endInput(): void {
    // An invocation that was given up must not look like one whose input is complete.
    if (!this.#decided) {
      this.#child.stdin.end();
    }
  }

  pauseOutput(): void {
    if (!this.#decided) {
      this.#child.stdout.pause();
    }
  }

  resumeOutput(): void {
    this.#child.stdout.resume();
  }

  terminate(reason: "aborted" | "outputTooLarge"): void {
    if (!this.#decided) {
      this.#decide({ kind: reason });
      this.#endSession();
    }
  }

  /** Ends the session at once, without grace. */
  kill(): void {
    signalSession(this.#pid, "SIGKILL");
    this.terminate("aborted");
  }

  #readOutputs(combined: boolean): void {
    const { stdout, stderr } = this.#child;
    const answer = (chunk: Buffer) => this.#decided || this.#listener.onOutput(chunk);
    const log = (chunk: Buffer) => this.#listener.onErrorOutput(chunk);
    for (const output of [stdout, stderr]) {
      const belongsToAnswer = output === stdout || combined;
      this.#answering += belongsToAnswer ? 1 : 0;
      output.on("data", belongsToAnswer ? answer : log);
      output.on("error", () => {});
      output.once("close", () => {
        this.#answering -= belongsToAnswer ? 1 : 0;
        this.#errorOutputIsOpen &&= output === stdout;
        this.#advance();
      });
    }
  }

  #openInput(body: Uint8Array | undefined): void {
    const { stdin } = this.#child;
    stdin.on("error", () => {});
    stdin.on("drain", () => this.#decided || this.#listener.onInputDrain());
    stdin.once("close", () => {
      if (!this.#decided && !stdin.writableFinished) {
        this.#listener.onInputClosed();
      }
    });
    if (body !== undefined) {
      stdin.end(body);
    }
  }

  #expire(): void {
    // A process that has ended is not late because its reader is slow; what it left behind is.
    if (this.#exit === undefined || !this.#child.stdout.isPaused()) {
      this.#decide({ kind: "timedOut" });
    }
    this.#endSession();
  }

  #decide(outcome: Outcome): void {
    if (this.#decided) {
      return;
    }
    this.#decided = true;
    clearTimeout(this.#deadline);
    this.#child.stdout.resume();
    this.#listener.onOutcome(outcome);
  }

  #endSession(): void {
    if (!this.#sessionIsEnding) {
      this.#sessionIsEnding = true;
      endSession(this.#pid, this.#settings.termGraceMs, () => {
        this.#sessionIsGone = true;
        setTimeout(() => this.#child.stderr.destroy(), LAST_WORDS_MS).unref();
        this.#advance();
      });
    }
  }

  /** Takes the steps that what has happened so far allows. */
  #advance(): void {
    if (this.#exit === undefined) {
      return;
    }
    if (this.#answering === 0 && !this.#decided) {
      this.#decide(this.#exit);
      this.#leave();
    }
    if (this.#decided && this.#sessionIsGone && !this.#errorOutputIsOpen) {
      this.#tellGone();
    }
  }

  /** After the answer: what the process left running is ended, or kept with somebody who reads what it says. */
  #leave(): void {
    if (this.#settings.daemons === "kill") {
      this.#endSession();
      return;
    }
    (this.#child.stderr as Socket).removeAllListeners("data").resume().unref();
    this.#tellGone();
  }

  #tellGone(): void {
    if (!this.#gone) {
      this.#gone = true;
      this.#onGone();
      const [pid, startMicros, wallMicros] = [this.#pid, this.#startMicros, this.#wallMicros];
      this.#listener.onGone({ ...NO_BILL, pid, startMicros, wallMicros });
    }
  }
}

const toMicros = (milliseconds: number): number => Math.round(milliseconds * 1000);

function toOutcome(exitCode: number | null, signal: NodeJS.Signals | null): Outcome {
  return signal === null
    ? { kind: "exited", exitCode: exitCode ?? 0 }
    : { kind: "signaled", signal: constants.signals[signal], coreDumped: false };
}
