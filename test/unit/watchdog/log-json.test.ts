import fc from "fast-check";
import { describe, test } from "vitest";
import { createJsonLog } from "../../../src/watchdog/log-json.ts";
import { CollectedLines } from "../../support/collected-lines.ts";
import { invocation } from "../../support/invocation.ts";

function start() {
  const sink = new CollectedLines();
  return { sink, log: createJsonLog({ logBufferBytes: 16 }, sink) };
}

describe("an access line", () => {
  test("has what design and CHANGELOG promise: request, outcome and bill", async ({ expect }) => {
    const { sink, log } = start();
    log.access(invocation({ callId: "c-1", outcome: "exit", status: 500, detail: "3" }));
    await log.settled();
    expect(sink.records).toEqual([
      {
        level: "info",
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        msg: "invocation",
        method: "POST",
        path: "/a/b",
        status: 500,
        ms: 1.234,
        bytes: 11,
        outcome: "exit",
        detail: "3",
        callId: "c-1",
        pid: 4711,
        cpuMs: 0.812,
        maxRssKiB: 1664,
      },
    ]);
  });

  test("says how long the request waited for a place, if it did", async ({ expect }) => {
    const { sink, log } = start();
    log.access(invocation({ waitedMs: 12.3456 }));
    await log.settled();
    expect(sink.records[0]).toMatchObject({ waitMs: 12.346 });
  });

  test("leaves out what there was not: a call id, a process", async ({ expect }) => {
    const { sink, log } = start();
    log.access(invocation({ outcome: "refused", status: 429, bill: undefined }));
    await log.settled();
    expect(Object.keys(sink.records[0] ?? {}).sort()).toEqual([
      "bytes",
      "level",
      "method",
      "ms",
      "msg",
      "outcome",
      "path",
      "status",
      "time",
    ]);
  });

  test("is one line of what was sent, whatever path and call id hold (T47)", async ({ expect }) => {
    const { sink, log } = start();
    const hostile = '/\r\n{"level":"fatal"}\u001b[2J\u009b31m\u007f\u0085\u2028\u2029\u0000';
    log.access(invocation({ path: hostile, callId: hostile }));
    await log.settled();
    expect(sink.records).toHaveLength(1);
    expect(sink.records[0]).toMatchObject({ path: hostile, callId: hostile });
    expect(sink.text.trimEnd()).toMatch(/^[\x20-\x7e]+$/);
  });

  test("is short, however long path and call id are", async ({ expect }) => {
    const { sink, log } = start();
    log.access(invocation({ path: `/${"x".repeat(1e6)}`, callId: "y".repeat(1e6) }));
    await log.settled();
    expect(sink.text.length).toBeLessThan(10_000);
  });
});

describe("a line of the function's", () => {
  test("is a line of JSON with stream and text", async ({ expect }) => {
    const { sink, log } = start();
    const lines = log.functionLog("stderr");
    lines.write(Buffer.from('say "hi"\r\nlast'));
    lines.end();
    await log.settled();
    expect(sink.records).toMatchObject([
      { level: "info", stream: "stderr", text: 'say "hi"' },
      { stream: "stderr", text: "last" },
    ]);
    expect(sink.records[0]).not.toHaveProperty("msg");
  });

  test("that is too long comes in pieces that say so (G11)", async ({ expect }) => {
    const { sink, log } = start();
    const lines = log.functionLog("stdout");
    lines.write(Buffer.from("0123456789abcdef0123\n"));
    await log.settled();
    expect(sink.records).toMatchObject([
      { stream: "stdout", text: "0123456789abcdef", partial: true },
      { stream: "stdout", text: "0123" },
    ]);
    expect(sink.records[1]).not.toHaveProperty("partial");
  });

  test("cannot speak to the reader's terminal, nor break the JSON where it is not UTF-8 (T47)", async ({
    expect,
  }) => {
    const { sink, log } = start();
    log.functionLog("stderr").write(Buffer.from([0x1b, 0x5b, 0x6d, 0xff, 0xc2, 0x9b, 0x61, 0x0a]));
    await log.settled();
    expect(sink.records).toMatchObject([{ text: "\u001b[m\ufffd\u009ba" }]);
    expect(sink.text).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  test("is the same line whatever lines come with it", async ({ expect }) => {
    const sink = new CollectedLines();
    const log = createJsonLog({ logBufferBytes: 65_536 }, sink);
    const text = fc.string({ unit: fc.constantFrom(...'\t\0"\\a\x7f\x9b\u2028é😀\r') });
    const expected: string[] = [];
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (texts) => {
        expected.push(...texts.map((each) => each.replace(/\r$/, "")));
        log.functionLog("stderr").write(Buffer.from(texts.map((each) => `${each}\n`).join("")));
      }),
    );
    await log.settled();
    expect(sink.records.map((record) => record.text)).toEqual(expected);
    expect(sink.lines).toBe(expected.length);
    expect(sink.text).not.toMatch(/(?!\n)[\p{Cc}\u2028]/u);
  });

  test("is not even made while much is held for a reader who does not read, but counted (T14)", async ({
    expect,
  }) => {
    const { sink, log } = start();
    sink.isCrowded = true;
    log.functionLog("stderr").write(Buffer.from("1\n2\n3\n4"));
    await log.settled();
    expect(sink.text).toBe("");
    expect(sink.dropped).toBe(3);
  });
});

describe("a message", () => {
  test("has its level, its text and its fields, an error with its stack", async ({ expect }) => {
    const { sink, log } = start();
    log.message("warn", "careful", { error: new Error("no"), count: 3 });
    log.message("error", "worse");
    await log.settled();
    expect(sink.records).toMatchObject([
      {
        level: "warn",
        msg: "careful",
        count: 3,
        error: { message: "no", stack: expect.stringContaining("log-json") },
      },
      { level: "error", msg: "worse" },
    ]);
  });
});

test("lines keep their order while the logger is being loaded and when it is there", async ({
  expect,
}) => {
  const { sink, log } = start();
  const lines = log.functionLog("stderr");
  log.message("info", "1");
  log.access(invocation({ path: "2" }));
  lines.write(Buffer.from("3\n"));
  expect(sink.text).toBe("");
  await log.settled();
  log.message("info", "4");
  const said = sink.records.map((record) => record.path ?? record.text ?? record.msg);
  expect(said).toEqual(["1", "2", "3", "4"]);
});

test("a log that nothing is written to does not load its logger", async ({ expect }) => {
  const { sink, log } = start();
  await log.settled();
  expect(sink.text).toBe("");
});
