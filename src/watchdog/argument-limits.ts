import { readFileSync } from "node:fs";

/** Linux's MAX_ARG_STRLEN: one argument or variable, its NUL included. */
export const VARIABLE_LIMIT_BYTES = 128 * 1024;

/** Each argument and variable costs a pointer too. */
export const POINTER_BYTES = 8;

/** For what is not counted here: the program's path, its auxiliary vector, the session's marker. */
const RESERVE_BYTES = 8 * 1024;

/** How many bytes of variables one request may add before execve(2) says E2BIG. */
export function roomForVariables(
  command: readonly string[],
  baseEnvironment: readonly string[],
  stackLimitBytes = readStackLimit(),
): number {
  // Arguments and environment may take a quarter of the stack, never more than 6 MiB nor less than 128 KiB (execve(2)).
  const limit = Math.max(Math.min(stackLimitBytes / 4, 6 * 1024 * 1024), 128 * 1024);
  const used = [...command, ...baseEnvironment].reduce(
    (sum, text) => sum + text.length + 1 + POINTER_BYTES,
    0,
  );
  return Math.max(0, limit - used - RESERVE_BYTES);
}

const USUAL_STACK_BYTES = 8 * 1024 * 1024;

function readStackLimit(): number {
  let limits: string;
  try {
    limits = readFileSync("/proc/self/limits", "latin1");
  } catch {
    return USUAL_STACK_BYTES;
  }
  const soft = /^Max stack size +(\S+)/m.exec(limits)?.[1];
  return soft === "unlimited" ? Number.POSITIVE_INFINITY : Number(soft ?? USUAL_STACK_BYTES);
}
