import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { LogSink } from "../../../src/core/log-sink.ts";
import { createPipe } from "../../support/pipe.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";
import { until } from "../../support/until.ts";

const LINE = `${"x".repeat(99)}\n`;

function createSink(descriptor: number, limitBytes = 256 * 1024): LogSink {
  const sink: LogSink = new LogSink({
    descriptor,
    limitBytes,
    onResume: (dropped) => sink.write(`${dropped} dropped\n`),
  });
  return sink;
}

function writeUntilFull(sink: LogSink): number {
  let written = 0;
  while (sink.dropped === 0) {
    sink.write(LINE);
    written += 1;
  }
  return written - 1;
}

describe("a sink whose reader reads", () => {
  test("passes on every line in order, however many there are", async ({ expect }) => {
    using pipe = createPipe();
    const sink = createSink(pipe.descriptor);
    const expected: string[] = [];
    let read = "";
    for (let batch = 0; batch < 50; batch += 1) {
      for (let count = 0; count < 100; count += 1) {
        const line = `${batch} ${count} ${"é€😀".repeat(count % 7)}\n`;
        expected.push(line);
        sink.write(line);
      }
      await new Promise(setImmediate);
      read += pipe.read().toString("latin1");
    }
    await sink.close();
    read += pipe.read().toString("latin1");
    expect(Buffer.from(read, "latin1").toString()).toBe(expected.join(""));
    expect(sink.dropped).toBe(0);
  });

  test("passes on bytes as they are, and lines longer than any buffer", async ({ expect }) => {
    using pipe = createPipe();
    const sink = createSink(pipe.descriptor);
    const bytes = Buffer.from([0xff, 0x00, 0x0a]);
    const long = Buffer.alloc(150_000, "l");
    sink.write(bytes);
    sink.write(long);
    sink.write("end\n");
    let read = Buffer.alloc(0);
    await until("all has arrived", () => {
      read = Buffer.concat([read, pipe.read()]);
      return read.length === bytes.length + long.length + 4;
    });
    expect(read.equals(Buffer.concat([bytes, long, Buffer.from("end\n")]))).toBe(true);
    await sink.close();
  });

  test("writes soon, without being asked to", async () => {
    using pipe = createPipe();
    const sink = createSink(pipe.descriptor);
    sink.write("hello\n");
    await until("the line is there", () => pipe.read().toString() === "hello\n");
    await sink.close();
  });

  test("has written everything when it is closed, twice if need be", async ({ expect }) => {
    using pipe = createPipe();
    const sink = createSink(pipe.descriptor);
    sink.write("hello\n");
    await sink.close();
    await sink.close();
    sink.write("too late\n");
    expect(pipe.read().toString()).toBe("hello\n");
    expect(sink.dropped).toBe(1);
  });

  test("writes at once when it is flushed, for a process that is about to die", ({ expect }) => {
    using pipe = createPipe();
    const sink = createSink(pipe.descriptor);
    sink.write("last ");
    sink.write("words\n");
    sink.flush();
    expect(pipe.read().toString()).toBe("last words\n");
  });
});

describe("a sink whose reader is stuck", () => {
  test("takes lines up to its limit, then drops and counts them, and never waits", async ({
    expect,
  }) => {
    using pipe = createPipe();
    const sink = createSink(pipe.descriptor);
    const begin = performance.now();
    const taken = writeUntilFull(sink);
    for (let count = 0; count < 9_999; count += 1) sink.write(LINE);
    expect(performance.now() - begin).toBeLessThan(1_000);
    // A pipe holds 64 KiB, of which the sink may have given it some.
    expect(taken * LINE.length).toBeGreaterThan(200 * 1024);
    expect(taken * LINE.length).toBeLessThan(400 * 1024);
    expect(sink.dropped).toBe(10_000);
    await sink.close();
  });

  test("counts each of the lines that are dropped together", async ({ expect }) => {
    using pipe = createPipe();
    const sink = createSink(pipe.descriptor);
    writeUntilFull(sink);
    sink.write(LINE.repeat(7), 7);
    expect(sink.dropped).toBe(8);
    pipe.closeReader();
    await sink.close();
  });

  test("says once how many lines were dropped when it flows again, and loses no other", async ({
    expect,
  }) => {
    using pipe = createPipe();
    const sink = createSink(pipe.descriptor);
    const taken = writeUntilFull(sink);
    sink.drop(41);
    let read = "";
    await until("the count has arrived", () => {
      read += pipe.read().toString();
      return read.includes("dropped");
    });
    sink.write("goes on\n");
    await sink.close();
    read += pipe.read().toString();
    expect(read).toBe(`${LINE.repeat(taken)}42 dropped\ngoes on\n`);
  });

  test("is crowded long before it is full, so that a flood leaves room for other lines", async ({
    expect,
  }) => {
    using pipe = createPipe();
    const sink = createSink(pipe.descriptor);
    let taken = 0;
    for (; !sink.isCrowded; taken += 1) sink.write(LINE);
    expect(sink.dropped).toBe(0);
    expect(taken).toBeLessThan(writeUntilFull(sink));
    await sink.close();
  });

  test("is closed within about a second, and holds nothing afterwards", async ({ expect }) => {
    using pipe = createPipe();
    const sink = createSink(pipe.descriptor);
    writeUntilFull(sink);
    const begin = performance.now();
    await sink.close();
    expect(performance.now() - begin).toBeLessThan(5_000);
  });

  test("does not hold a process that flushes it either", ({ expect }) => {
    using pipe = createPipe();
    const sink = createSink(pipe.descriptor);
    writeUntilFull(sink);
    sink.flush();
    expect(pipe.read().length).toBeGreaterThan(0);
  });
});

test("a sink whose reader is gone drops and counts, and says nothing of it", async ({ expect }) => {
  using pipe = createPipe();
  const sink = createSink(pipe.descriptor);
  pipe.closeReader();
  sink.write("nobody\n");
  await until("it has been noticed", () => sink.dropped === 1);
  sink.write("still nobody\n");
  await until("it is counted too", () => sink.dropped === 2);
  await sink.close();
  expect(sink.dropped).toBe(2);
});

test("a sink into a file has everything in it", async ({ expect }) => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, "log");
  const descriptor = openSync(path, "a");
  const sink = createSink(descriptor, 4 * 1024 * 1024);
  for (let count = 0; count < 10_000; count += 1) sink.write(LINE);
  await sink.close();
  closeSync(descriptor);
  expect(readFileSync(path, "utf8")).toBe(LINE.repeat(10_000));
});
