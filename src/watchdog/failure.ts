import { constants } from "node:os";
import { getSystemErrorMessage } from "node:util";
import type { Outcome } from "../process/outcome.ts";
import type { OutcomeWord } from "./telemetry.ts";

/** What Go's os/exec says of a process that ended like this: clients and log pipelines know these lines. */
export function describeFailure(outcome: Outcome, command: readonly string[]): string {
  switch (outcome.kind) {
    case "exited":
      return `exit status ${outcome.exitCode}`;
    case "signaled":
      return `signal: ${signalName(outcome.signal)}${outcome.coreDumped ? " (core dumped)" : ""}`;
    case "spawnFailed":
      return describeSpawnFailure(outcome.errno, command[0] ?? "");
    case "outputTooLarge":
      return "the function's output is larger than max_output allows";
    // What ends at the deadline, or because nobody waits for it, is killed.
    case "timedOut":
    case "aborted":
      return "signal: killed";
  }
}

/** One word for log, metrics and the header `X-Breeze-Outcome`. */
export function outcomeWord(outcome: Outcome): OutcomeWord {
  switch (outcome.kind) {
    case "exited":
      return outcome.exitCode === 0 ? "ok" : "exit";
    case "signaled":
      return "signal";
    case "timedOut":
      return "timeout";
    case "aborted":
      return "aborted";
    case "outputTooLarge":
      return "output-too-large";
    case "spawnFailed":
      return "spawn-failed";
  }
}

/** Where the word alone does not say it all. */
export function outcomeDetail(outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case "exited":
      return outcome.exitCode === 0 ? undefined : String(outcome.exitCode);
    case "signaled":
      return signalName(outcome.signal);
    case "spawnFailed":
      return errnoText(outcome.errno);
    default:
      return undefined;
  }
}

const { EACCES, EAGAIN, EIO, EISDIR, ELOOP, EMFILE } = constants.errno;
const { ENAMETOOLONG, ENFILE, ENOENT, ENOMEM, ETXTBSY } = constants.errno;

/** It is not the function that fails, but what it would need to start: a later attempt may succeed. */
export function isShortage(outcome: Outcome): boolean {
  return outcome.kind === "spawnFailed" && SHORTAGES.has(outcome.errno);
}

const SHORTAGES = new Set([EAGAIN, EMFILE, ENFILE, ENOMEM]);

function describeSpawnFailure(errno: number, program: string): string {
  if (program === "") return "exec: no command";
  const isSearched = !program.includes("/");
  if (isSearched && (errno === ENOENT || errno === EACCES)) {
    return `exec: "${program}": executable file not found in $PATH`;
  }
  return `fork/exec ${program}: ${errnoText(errno)}`;
}

function errnoText(errno: number): string {
  return GO_ERRNO_TEXTS[errno] ?? getSystemErrorMessage(-errno) ?? `errno ${errno}`;
}

/** Where Go's words are not libuv's. */
const GO_ERRNO_TEXTS: Readonly<Record<number, string>> = {
  [EIO]: "input/output error",
  [EISDIR]: "is a directory",
  [ELOOP]: "too many levels of symbolic links",
  [ENAMETOOLONG]: "file name too long",
  [ENOMEM]: "cannot allocate memory",
  [ENFILE]: "too many open files in system",
  [ETXTBSY]: "text file busy",
};

const SIGNAL_NAMES = [
  "",
  "hangup",
  "interrupt",
  "quit",
  "illegal instruction",
  "trace/breakpoint trap",
  "aborted",
  "bus error",
  "floating point exception",
  "killed",
  "user defined signal 1",
  "segmentation fault",
  "user defined signal 2",
  "broken pipe",
  "alarm clock",
  "terminated",
];

/** Go has no words for the others. */
function signalName(signal: number): string {
  return SIGNAL_NAMES[signal] || `signal ${signal}`;
}
