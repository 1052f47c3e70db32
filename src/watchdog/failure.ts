import { constants } from "node:os";
import { toErrnoText } from "../process/errno-text.ts";
import type { Outcome } from "../process/outcome.ts";
import { toSignalText } from "../process/signal-text.ts";
import type { OutcomeWord } from "./telemetry.ts";

/** What Go's os/exec says of a process that ended like this: clients and log pipelines know these lines. */
export function describeFailure(outcome: Outcome, command: readonly string[]): string {
  switch (outcome.kind) {
    case "exited":
      return `exit status ${outcome.exitCode}`;
    case "signaled":
      return `signal: ${toSignalText(outcome.signal)}${outcome.coreDumped ? " (core dumped)" : ""}`;
    case "spawnFailed":
      return describeSpawnFailure(outcome.errno, command[0] ?? "");
    case "outputTooLarge":
      return "the function's output is larger than max_output allows";
    case "badAnswer":
      return "the function's answer cannot be sent";
    // What ends at the deadline, or because nobody waits for it, is killed.
    case "timedOut":
    case "aborted":
      return "signal: killed";
  }
}

/** The status that an end stands for; `undefined`: it is a failure, whose status is the mode's to choose. */
export function endStatus(
  outcome: Outcome,
  exitCodes: ReadonlyMap<number, number>,
): number | undefined {
  if (outcome.kind !== "exited") return undefined;
  return exitCodes.get(outcome.exitCode) ?? (outcome.exitCode === 0 ? 200 : undefined);
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
    case "badAnswer":
      return "bad-answer";
    case "spawnFailed":
      return "spawn-failed";
  }
}

/** Where the word alone does not say it all. */
export function outcomeDetail(outcome: Outcome, command: readonly string[]): string | undefined {
  switch (outcome.kind) {
    case "exited":
      return outcome.exitCode === 0 ? undefined : String(outcome.exitCode);
    case "signaled":
      return toSignalText(outcome.signal);
    case "spawnFailed":
      return describeSpawnFailure(outcome.errno, command[0] ?? "");
    case "badAnswer":
      return outcome.reason;
    default:
      return undefined;
  }
}

const { EACCES, EAGAIN, EMFILE, ENFILE, ENOENT, ENOMEM } = constants.errno;

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
  return `fork/exec ${program}: ${toErrnoText(errno)}`;
}
