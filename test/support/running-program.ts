import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";

/** A program of ours as it is, in a process of its own, with all that it says. Killed when the test is over. */
export class RunningProgram {
  readonly process: ChildProcess;
  readonly #exit: Promise<unknown[]>;
  stdout = "";
  stderr = "";

  /** `onEnded`: behind the test and the program's end. */
  constructor(command: readonly string[], options: SpawnOptions, onEnded: () => void = () => {}) {
    const [program, ...rest] = command;
    const stdio = ["ignore", "pipe", "pipe"] as const;
    this.process = spawn(program as string, rest, { ...options, stdio: [...stdio] });
    this.process.stdout?.on("data", (chunk) => {
      this.stdout += chunk;
    });
    this.process.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
    });
    this.#exit = once(this.process, "close");
    onTestFinished(async () => {
      this.process.kill("SIGKILL");
      await this.#exit;
      onEnded();
    });
  }

  /** How it ended: its exit code, or the signal it died of. */
  async ended(): Promise<number | string> {
    const [code, signal] = await this.#exit;
    return (code ?? signal) as number | string;
  }
}
