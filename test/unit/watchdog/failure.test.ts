import { constants } from "node:os";
import { describe, test } from "vitest";
import type { Outcome } from "../../../src/process/outcome.ts";
import {
  describeFailure,
  isShortage,
  outcomeDetail,
  outcomeWord,
} from "../../../src/watchdog/failure.ts";

const { EACCES, EAGAIN, E2BIG, EMFILE, ENOENT, ENOEXEC } = constants.errno;
const signaled = (signal: number, coreDumped = false): Outcome => ({
  kind: "signaled",
  signal,
  coreDumped,
});
const spawnFailed = (errno: number): Outcome => ({ kind: "spawnFailed", errno });

describe("a failure is described in Go's words", () => {
  const cases: readonly (readonly [Outcome, string, string])[] = [
    [{ kind: "exited", exitCode: 3 }, "x", "exit status 3"],
    [signaled(11), "x", "signal: segmentation fault"],
    [signaled(11, true), "x", "signal: segmentation fault (core dumped)"],
    [signaled(9), "x", "signal: killed"],
    [signaled(24), "x", "signal: CPU time limit exceeded"],
    [spawnFailed(ENOENT), "x", 'exec: "x": executable file not found in $PATH'],
    [spawnFailed(EACCES), "x", 'exec: "x": executable file not found in $PATH'],
    [spawnFailed(ENOENT), "/p", "fork/exec /p: no such file or directory"],
    [spawnFailed(EACCES), "/p", "fork/exec /p: permission denied"],
    [spawnFailed(ENOEXEC), "./p", "fork/exec ./p: exec format error"],
    [spawnFailed(E2BIG), "/p", "fork/exec /p: argument list too long"],
    [spawnFailed(EAGAIN), "/p", "fork/exec /p: resource temporarily unavailable"],
    [spawnFailed(ENOENT), "", "exec: no command"],
    [{ kind: "timedOut" }, "x", "signal: killed"],
  ];
  for (const [outcome, program, text] of cases) {
    test(text, ({ expect }) => {
      expect(describeFailure(outcome, [program])).toBe(text);
    });
  }
});

test("each outcome has one word, and a detail where that says more", ({ expect }) => {
  const words = [
    [{ kind: "exited", exitCode: 0 }, "ok", undefined],
    [{ kind: "exited", exitCode: 3 }, "exit", "3"],
    [signaled(15), "signal", "terminated"],
    [{ kind: "timedOut" }, "timeout", undefined],
    [{ kind: "aborted" }, "aborted", undefined],
    [{ kind: "outputTooLarge" }, "output-too-large", undefined],
    [spawnFailed(ENOENT), "spawn-failed", "fork/exec /x: no such file or directory"],
  ] as const;
  for (const [outcome, word, detail] of words) {
    expect([outcomeWord(outcome), outcomeDetail(outcome, ["/x"])]).toEqual([word, detail]);
  }
});

test("a shortage is what may be over at the next attempt", ({ expect }) => {
  expect([EAGAIN, EMFILE, ENOENT].map((errno) => isShortage(spawnFailed(errno)))).toEqual([
    true,
    true,
    false,
  ]);
});
