import type { Writable } from "node:stream";
import { NO_BILL, type Outcome } from "../outcome.ts";
import type { ProcessesOptions, Run, RunListener, RunOptions } from "../run.ts";
import { ChildControl } from "./child-control.ts";
import { ChildOutput } from "./child-output.ts";
import { type Program, toOutcome } from "./program.ts";
import { endSession, signalSession } from "./session.ts";

/** How long error output may still come once the session is gone: what escaped it can hold the pipe for ever. */
const LAST_WORDS_MS = 100;

/** A process that `child_process` has made. */
export class ChildRun implements Run {
  readonly #program: Program;
  readonly #settings: ProcessesOptions;
  readonly #listener: RunListener;
  readonly #onGone: () => void;
  readonly #started = performance.now();
  readonly #combineOutput: boolean;
  readonly #stdin: Writable;
  readonly #stdout: ChildOutput;
  readonly #stderr: ChildOutput;
  readonly #control: ChildControl | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #inputIsOpen = true;
  #wallMs = 0;
  #exit: Outcome | undefined;
  #isDecided = false;
  #sessionIsEnding = false;
  #sessionIsGone = false;
  #isGone = false;

  constructor(
    program: Program,
    settings: ProcessesOptions,
    options: RunOptions,
    listener: RunListener,
    onGone: () => void,
  ) {
    const { stdin, stdout, stderr, control } = program;
    const answer = (chunk: Buffer) => listener.onOutput(chunk);
    const log = (chunk: Buffer) => listener.onErrorOutput(chunk);
    this.#program = program;
    this.#settings = settings;
    this.#listener = listener;
    this.#onGone = onGone;
    this.#combineOutput = options.combineOutput;
    this.#stdin = stdin;
    this.#stdout = new ChildOutput(stdout, answer, () => this.#advance(), control !== undefined);
    this.#stderr = new ChildOutput(stderr, options.combineOutput ? answer : log, () =>
      this.#advance(),
    );
    this.#control =
      control &&
      new ChildControl(control, (chunk) => this.#isDecided || listener.onControlOutput(chunk));
    this.#openInput(options.body);
    program.child.once("exit", (exitCode, signal) => {
      this.#wallMs = performance.now() - this.#started;
      this.#exit = toOutcome(exitCode, signal);
      this.#advance();
    });
    if (options.deadlineMs > 0) {
      this.#deadline = setTimeout(() => this.#expire(), options.deadlineMs);
    }
  }

  write(chunk: Uint8Array): boolean {
    return !this.#inputIsOpen || this.#stdin.write(chunk);
  }

  endInput(): void {
    // An invocation that was given up must not look like one whose input is complete.
    if (!this.#isDecided) {
      this.#stdin.end();
    }
  }

  pauseOutput(): void {
    if (!this.#isDecided) {
      for (const output of this.#answeringOutputs()) {
        output.pause();
      }
    }
  }

  resumeOutput(): void {
    for (const output of this.#answeringOutputs()) {
      output.resume();
    }
  }

  terminate(reason: "aborted" | "outputTooLarge"): void {
    if (!this.#isDecided) {
      this.#decide({ kind: reason });
      this.#endSession();
    }
  }

  /** Ends the session at once, without grace. */
  kill(): void {
    signalSession(this.#program.pid, "SIGKILL");
    this.terminate("aborted");
  }

  #answeringOutputs(): ChildOutput[] {
    return this.#combineOutput ? [this.#stdout, this.#stderr] : [this.#stdout];
  }

  #openInput(body: Uint8Array | undefined): void {
    this.#stdin.on("error", () => this.#closeInput());
    this.#stdin.once("finish", () => {
      this.#inputIsOpen = false;
    });
    this.#stdin.on("drain", () => this.#inputIsOpen && this.#listener.onInputDrain());
    if (body !== undefined) {
      this.#stdin.end(body);
    }
  }

  #closeInput(): void {
    if (this.#inputIsOpen) {
      this.#inputIsOpen = false;
      this.#listener.onInputClosed();
    }
  }

  #expire(): void {
    // A process that has ended is not late because its reader is slow; what it left behind is.
    if (this.#exit === undefined || !this.#stdout.isPaused) {
      this.#decide({ kind: "timedOut" });
    }
    this.#endSession();
  }

  #decide(outcome: Outcome): void {
    if (!this.#isDecided) {
      this.#closeInput();
      this.#isDecided = true;
      clearTimeout(this.#deadline);
      for (const output of this.#answeringOutputs()) {
        output.discard();
      }
      this.#listener.onOutcome(outcome);
    }
  }

  #endSession(): void {
    if (!this.#sessionIsEnding) {
      this.#sessionIsEnding = true;
      endSession(this.#program.pid, this.#settings.termGraceMs, () => {
        this.#sessionIsGone = true;
        setTimeout(() => this.#stderr.close(), LAST_WORDS_MS);
        this.#advance();
      });
    }
  }

  /** Takes the steps that what has happened so far allows. */
  #advance(): void {
    if (this.#exit === undefined) {
      return;
    }
    if (!this.#isDecided && this.#answeringOutputs().every((output) => !output.isOpen)) {
      if (this.#control?.isRead(() => this.#advance()) === false) return;
      this.#decide(this.#exit);
      this.#leaveSession();
    }
    if (this.#isDecided && this.#sessionIsGone && !this.#stderr.isOpen) {
      this.#tellGone();
    }
  }

  /** What the process left running behind its answer is ended, or kept with somebody who reads what it says. */
  #leaveSession(): void {
    if (this.#settings.daemons === "kill") {
      this.#endSession();
    } else {
      this.#stderr.discard();
      this.#tellGone();
    }
  }

  #tellGone(): void {
    if (!this.#isGone) {
      this.#isGone = true;
      this.#control?.close();
      this.#onGone();
      const { pid, startMs } = this.#program;
      const startMicros = Math.round(startMs * 1000);
      const wallMicros = Math.round(this.#wallMs * 1000);
      this.#listener.onGone({ ...NO_BILL, pid, startMicros, wallMicros });
    }
  }
}
