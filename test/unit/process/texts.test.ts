import { constants } from "node:os";
import { describe, test } from "vitest";
import { toErrnoText } from "../../../src/process/errno-text.ts";
import { toSignalName, toSignalText } from "../../../src/process/signal-text.ts";
import { toOutcome } from "../../../src/process/wait-status.ts";

describe("what the system says, in Go's words", () => {
  test.for([
    ["ENOENT", "no such file or directory"],
    ["EACCES", "permission denied"],
    ["ENOEXEC", "exec format error"],
    ["E2BIG", "argument list too long"],
    ["EAGAIN", "resource temporarily unavailable"],
    ["ENOMEM", "cannot allocate memory"],
  ] as const)("%s is %s", ([name, text], { expect }) => {
    expect(toErrnoText(constants.errno[name])).toBe(text);
  });

  test("an errno without words is its number", ({ expect }) => {
    expect(toErrnoText(9999)).toBe("errno 9999");
  });

  test.for([
    ["SIGKILL", "killed"],
    ["SIGTERM", "terminated"],
    ["SIGSEGV", "segmentation fault"],
    ["SIGABRT", "aborted"],
    ["SIGXCPU", "CPU time limit exceeded"],
    ["SIGSYS", "bad system call"],
  ] as const)("%s is %s", ([name, text], { expect }) => {
    expect(toSignalText(constants.signals[name])).toBe(text);
    expect(toSignalName(constants.signals[name])).toBe(name);
  });

  test("a signal without words is its number", ({ expect }) => {
    expect(toSignalText(34)).toBe("signal 34");
    expect(toSignalText(64)).toBe("signal 64");
    expect(toSignalName(64)).toBeUndefined();
  });
});

describe("a status of wait(2)", () => {
  test("is an exit code", ({ expect }) => {
    expect(toOutcome(0)).toEqual({ kind: "exited", exitCode: 0 });
    expect(toOutcome(255 << 8)).toEqual({ kind: "exited", exitCode: 255 });
  });

  test("or a signal, with or without a core", ({ expect }) => {
    expect(toOutcome(9)).toEqual({ kind: "signaled", signal: 9, coreDumped: false });
    expect(toOutcome(11 | 128)).toEqual({ kind: "signaled", signal: 11, coreDumped: true });
  });
});
