import { constants } from "node:os";

/** How Go words the signals that a process dies of; a number that is not here is worded by its number. */
const TEXTS: readonly (readonly [NodeJS.Signals, string])[] = [
  ["SIGHUP", "hangup"],
  ["SIGINT", "interrupt"],
  ["SIGQUIT", "quit"],
  ["SIGILL", "illegal instruction"],
  ["SIGTRAP", "trace/breakpoint trap"],
  ["SIGABRT", "aborted"],
  ["SIGBUS", "bus error"],
  ["SIGFPE", "floating point exception"],
  ["SIGKILL", "killed"],
  ["SIGUSR1", "user defined signal 1"],
  ["SIGSEGV", "segmentation fault"],
  ["SIGUSR2", "user defined signal 2"],
  ["SIGPIPE", "broken pipe"],
  ["SIGALRM", "alarm clock"],
  ["SIGTERM", "terminated"],
  ["SIGSTKFLT", "stack fault"],
  ["SIGXCPU", "CPU time limit exceeded"],
  ["SIGXFSZ", "file size limit exceeded"],
  ["SIGVTALRM", "virtual timer expired"],
  ["SIGPROF", "profiling timer expired"],
  ["SIGIO", "I/O possible"],
  ["SIGPWR", "power failure"],
  ["SIGSYS", "bad system call"],
];

const textOfNumber = new Map(TEXTS.map(([name, text]) => [constants.signals[name], text]));
/** Where a number has two names (6 is SIGABRT and SIGIOT), the first. */
const nameOfNumber = new Map(
  Object.entries(constants.signals)
    .reverse()
    .map(([name, number]) => [number, name as NodeJS.Signals]),
);

/** `segmentation fault` for 11. */
export const toSignalText = (signal: number): string =>
  textOfNumber.get(signal) ?? `signal ${signal}`;

export const toSignalName = (signal: number): NodeJS.Signals | undefined =>
  nameOfNumber.get(signal);
