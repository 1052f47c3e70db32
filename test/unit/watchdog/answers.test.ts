import { constants } from "node:os";
import { describe, test } from "vitest";
import { readWatchdogConfig } from "../../../src/config/read.ts";
import { Chunks } from "../../../src/core/chunks.ts";
import type { Outcome } from "../../../src/process/outcome.ts";
import { type CompleteHead, NOTHING_SAID } from "../../../src/watchdog/answer-head.ts";
import { createClassicMode } from "../../../src/watchdog/modes/classic.ts";
import { createSerializingMode } from "../../../src/watchdog/modes/serializing.ts";
import type { Answer } from "../../../src/watchdog/response.ts";

interface Case {
  readonly mode?: string;
  readonly outcome?: Outcome;
  readonly output?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly requestType?: string;
  readonly said?: Partial<CompleteHead>;
}

/** What a mode answers: status, headers, body. */
function answerOf(given: Case) {
  const { mode = "", output: text = "", requestType, variables = {} } = given;
  const { config } = readWatchdogConfig({ fprocess: "cat", mode, ...variables });
  const output = new Chunks();
  if (text !== "") output.push(Buffer.from(text));
  const create = mode === "" ? createClassicMode : createSerializingMode;
  const outcome = given.outcome ?? { kind: "exited", exitCode: 0 };
  const isSuccess = outcome.kind === "exited" && outcome.exitCode === 0;
  const said = isSuccess ? { ...NOTHING_SAID, status: 200, ...given.said } : undefined;
  const input = { config, outcome, said, output, requestType, seconds: 1.5 };
  return toRecord(create(config).toAnswer(input));
}

function toRecord({ status, headers, body }: Answer) {
  const record: Record<string, string> = {};
  for (let index = 0; index < headers.length; index += 2) {
    record[headers[index] as string] = headers[index + 1] as string;
  }
  const text = typeof body === "string" ? body : Buffer.concat(body.toArray()).toString();
  return { status, headers: record, body: text };
}

const SHORTAGE: Outcome = { kind: "spawnFailed", errno: constants.errno.EAGAIN };
const PLAIN = "text/plain; charset=utf-8";

describe("the answer of classic", () => {
  test("has type and duration, in Go's format", ({ expect }) => {
    expect(answerOf({ output: "hi" })).toEqual({
      status: 200,
      headers: { "X-Duration-Seconds": "1.500000", "Content-Type": PLAIN },
      body: "hi",
    });
  });

  test("has no type where there is nothing to have one", ({ expect }) => {
    expect(answerOf({}).headers).toEqual({ "X-Duration-Seconds": "1.500000" });
    expect(answerOf({ requestType: "a/b" }).headers["Content-Type"]).toBe("a/b");
    expect(answerOf({ requestType: "", output: "hi" }).headers["Content-Type"]).toBe(PLAIN);
  });

  test("has what the program says in place of what the mode would say", ({ expect }) => {
    const said = { status: 201, headers: ["content-type", "a/b", "X-A", "c"] };
    for (const mode of ["", "serializing"]) {
      expect(answerOf({ mode, output: "hi", said })).toEqual({
        status: 201,
        headers: { "X-Duration-Seconds": "1.500000", "content-type": "a/b", "X-A": "c" },
        body: "hi",
      });
    }
  });

  test("says of a failure what it was, before what was written", ({ expect }) => {
    expect(answerOf({ outcome: { kind: "exited", exitCode: 2 }, output: "<html>" })).toEqual({
      status: 500,
      headers: { "Content-Type": PLAIN },
      body: "exit status 2\n<html>",
    });
  });

  test("throws away what a function wrote before its deadline", ({ expect }) => {
    expect(answerOf({ outcome: { kind: "timedOut" }, output: "half" })).toEqual({
      status: 408,
      headers: { "Content-Type": PLAIN, "X-Breeze-Outcome": "timeout" },
      body: "Killed process.\n",
    });
  });
});

for (const mode of ["", "serializing"]) {
  describe(`in ${mode || "classic"}`, () => {
    test("too much output is a 502", ({ expect }) => {
      const { status, headers } = answerOf({ mode, outcome: { kind: "outputTooLarge" } });
      expect([status, headers["X-Breeze-Outcome"]]).toEqual([502, "output-too-large"]);
    });

    test("a shortage of processes is a 503 (T23)", ({ expect }) => {
      const { status, headers } = answerOf({ mode, outcome: SHORTAGE });
      expect([status, headers["X-Breeze-Outcome"]]).toEqual([503, "spawn-failed"]);
    });
  });
}

describe("the answer of serializing", () => {
  test("has type and duration for success and failure alike", ({ expect }) => {
    const headers = {
      "Content-Type": "application/octet-stream",
      "X-Duration-Seconds": "1.500000",
    };
    const mode = "serializing";
    expect(answerOf({ mode, output: "hi" })).toEqual({ status: 200, headers, body: "hi" });
    const outcome: Outcome = { kind: "exited", exitCode: 3 };
    const failed = { status: 500, headers, body: "exit status 3" };
    expect(answerOf({ mode, outcome, output: "lost" })).toEqual(failed);
  });
});
