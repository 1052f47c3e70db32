import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { constants } from "node:os";
import type { Outcome } from "../outcome.ts";
import type { ProcessesOptions } from "../run.ts";

/** A process that was started. */
export interface Program {
  readonly child: ChildProcessWithoutNullStreams;
  readonly pid: number;
  /** How long it took to start it, in milliseconds. */
  readonly startMs: number;
}

/**
 * Starts the program in a session of its own, with pipes on descriptors 0 to 2. Where that fails, the answer is a function
 * that knows the system's reason one tick later.
 */
export function startProgram(
  settings: ProcessesOptions,
  requestEnvironment: string,
): Program | (() => number) {
  const [file = "", ...args] = settings.command.map(toText);
  const env = toVariables(settings.baseEnvironment, requestEnvironment);
  const askedAt = performance.now();
  let failure: unknown;
  try {
    const child = spawn(file, args, { detached: true, stdio: "pipe", env });
    child.once("error", (error) => {
      failure = error;
    });
    if (child.pid !== undefined) {
      return { child, pid: child.pid, startMs: performance.now() - askedAt };
    }
  } catch (error) {
    failure = error;
  }
  return () => toErrno(failure);
}

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
