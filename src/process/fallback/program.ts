import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import type { Outcome } from "../outcome.ts";
import type { ProcessesOptions, RunOptions } from "../run.ts";

/** A process that was started. */
export interface Program {
  readonly child: ChildProcess;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** What it writes to descriptor 3, where it was given one. */
  readonly control: Readable | undefined;
  readonly pid: number;
  /** How long it took to start it, in milliseconds. */
  readonly startMs: number;
}

/**
 * Starts the program in a session of its own, with pipes on descriptors 0 to 2, or 3. Where that fails, the answer is a function
 * that knows the system's reason one tick later.
 */
export function startProgram(
  settings: ProcessesOptions,
  { environment, controlDescriptor }: RunOptions,
): Program | (() => number) {
  const [file = "", ...args] = settings.command.map(toText);
  const env = toVariables(settings.baseEnvironment, environment);
  const askedAt = performance.now();
  let failure: unknown;
  try {
    const stdio = Array(controlDescriptor === true ? 4 : 3).fill("pipe");
    const child = spawn(file, args, { detached: true, stdio, env });
    child.once("error", (error) => {
      failure = error;
    });
    if (child.pid !== undefined) {
      return { child, pid: child.pid, startMs: performance.now() - askedAt, ...pipesOf(child) };
    }
  } catch (error) {
    failure = error;
  }
  return () => toErrno(failure);
}

function pipesOf(child: ChildProcess) {
  return {
    stdin: child.stdin as Writable,
    stdout: child.stdout as Readable,
    stderr: child.stderr as Readable,
    control: (child.stdio[CONTROL_DESCRIPTOR] ?? undefined) as Readable | undefined,
  };
}

const CONTROL_DESCRIPTOR = 3;

export function toOutcome(exitCode: number | null, signal: NodeJS.Signals | null): Outcome {
  return signal === null
    ? { kind: "exited", exitCode: exitCode ?? 0 }
    : { kind: "signaled", signal: constants.signals[signal], coreDumped: false };
}

function toErrno(error: unknown): number {
  const errno = (error as NodeJS.ErrnoException | undefined)?.errno;
  return errno === undefined ? constants.errno.EINVAL : Math.abs(errno);
}

function toVariables(base: readonly string[], request: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const variable of [...base, ...request.split("\0")]) {
    const equals = variable.indexOf("=");
    if (equals > 0) {
      variables[toText(variable.slice(0, equals))] = toText(variable.slice(equals + 1));
    }
  }
  return variables;
}

/** `child_process` takes text and writes it as UTF-8, so that bytes which are not UTF-8 are lost here. */
const toText = (bytes: string): string => Buffer.from(bytes, "latin1").toString();
