import { describe, test } from "vitest";
import type { Run } from "../../../src/process/run.ts";
import { InputFeeder, type InputSource } from "../../../src/watchdog/input-feeder.ts";

/** A run that takes `taking` pieces before it has had enough. */
function createRun(taking: number) {
  const written: string[] = [];
  const run = {
    write(piece: Uint8Array) {
      written.push(Buffer.from(piece).toString());
      return --taking > 0;
    },
    endInput: () => void written.push("end"),
  };
  return { run: run as unknown as Run, written };
}

function createSource(pieces: readonly string[], failure?: Error) {
  let next = 0;
  const state = { isClosed: false };
  const source: InputSource = {
    read(receive) {
      const piece = pieces[next++];
      const isFailure = piece === undefined && failure !== undefined;
      receive(isFailure ? failure : null, Buffer.from(piece ?? ""));
    },
    close() {
      state.isClosed = true;
    },
  };
  return { source, state };
}

describe("InputFeeder", () => {
  test("writes as long as more is taken, and goes on when it is again", ({ expect }) => {
    const { run, written } = createRun(2);
    const { source, state } = createSource(["a", "b", "c"]);
    const feeder = new InputFeeder(source, run, () => {});
    feeder.pump();
    expect(written).toEqual(["a", "b"]);
    feeder.pump();
    feeder.pump();
    expect(written).toEqual(["a", "b", "c", "end"]);
    expect(state.isClosed).toBe(true);
  });

  test("passes on a body of any number of pieces at once", ({ expect }) => {
    const { run, written } = createRun(Number.POSITIVE_INFINITY);
    const { source } = createSource(Array.from({ length: 100_000 }, () => "x"));
    new InputFeeder(source, run, () => {}).pump();
    expect(written).toHaveLength(100_001);
  });

  test("says nothing more once it is stopped", ({ expect }) => {
    const { run, written } = createRun(1);
    const { source, state } = createSource(["a", "b"]);
    const feeder = new InputFeeder(source, run, () => {});
    feeder.pump();
    feeder.stop();
    feeder.pump();
    expect([written, state.isClosed]).toEqual([["a"], true]);
  });

  test("does not end the input of a body that cannot be read back", ({ expect }) => {
    const { run, written } = createRun(9);
    const { source } = createSource(["a"], new Error("gone"));
    const failures: string[] = [];
    new InputFeeder(source, run, (error) => failures.push(error.message)).pump();
    expect([written, failures]).toEqual([["a"], ["gone"]]);
  });
});
