import fc from "fast-check";
import { describe, test } from "vitest";
import { countLines, gather, splitLines } from "../../../src/watchdog/function-log.ts";

interface Line {
  readonly text: string;
  readonly isPartial: boolean;
}

function linesOf(limitBytes: number, chunks: readonly (string | Uint8Array)[]): Line[] {
  const lines: Line[] = [];
  const log = splitLines(limitBytes, (bytes, isPartial) => {
    for (const text of bytes.toString("latin1").split("\n")) lines.push({ text, isPartial });
  });
  for (const chunk of chunks) log.write(Buffer.from(chunk as string, "latin1"));
  log.end();
  return lines;
}

const whole = (...texts: string[]): Line[] => texts.map((text) => ({ text, isPartial: false }));

describe("what a function writes is cut into lines", () => {
  test("several lines of one chunk, an empty one among them", ({ expect }) => {
    expect(linesOf(100, ["one\n\nthree\n"])).toEqual(whole("one", "", "three"));
  });

  test("a line that comes in pieces is one", ({ expect }) => {
    expect(linesOf(100, ["o", "n", "e\ntw", "o\n"])).toEqual(whole("one", "two"));
  });

  test("a last line without an end is passed on at the end", ({ expect }) => {
    expect(linesOf(100, ["one\ntwo"])).toEqual(whole("one", "two"));
  });

  test("of CRLF the CR goes, even if it comes alone or ends everything", ({ expect }) => {
    expect(linesOf(100, ["one\r\ntwo\r", "\n\r\nthree\r"])).toEqual(
      whole("one", "two", "", "three"),
    );
  });

  test("a CR inside of a line stays", ({ expect }) => {
    expect(linesOf(100, ["10%\r20%\n"])).toEqual(whole("10%\r20%"));
  });

  test("short ones are passed on many at a time", ({ expect }) => {
    const passed: number[] = [];
    const log = splitLines(65_536, (lines) => passed.push(countLines(lines)));
    log.write(Buffer.from("y\n".repeat(10_000)));
    expect(passed.length).toBeLessThan(100);
    expect(passed.reduce((sum, count) => sum + count)).toBe(10_000);
  });

  test("nothing written is no line", ({ expect }) => {
    expect(linesOf(100, [])).toEqual([]);
    expect(linesOf(100, [""])).toEqual([]);
  });

  test("bytes that are not UTF-8 pass as they are", ({ expect }) => {
    expect(linesOf(100, [Buffer.from([0x66, 0xff, 0x80, 0x0a])])).toEqual(whole("f\xff\x80"));
  });
});

describe("a line over the limit never stalls a function (G11)", () => {
  test("it is passed on in pieces, all but the last of them partial", ({ expect }) => {
    expect(linesOf(4, ["0123456789\nnext\n"])).toEqual([
      { text: "0123", isPartial: true },
      { text: "4567", isPartial: true },
      ...whole("89", "next"),
    ]);
  });

  test("a line exactly as long as the limit is whole, with CRLF too", ({ expect }) => {
    expect(linesOf(4, ["0123\n"])).toEqual(whole("0123"));
    expect(linesOf(4, ["0123\r\n"])).toEqual(whole("0123"));
    expect(linesOf(4, ["0123", "\r", "\n"])).toEqual(whole("0123"));
  });

  test("its pieces are passed on before it ends", ({ expect }) => {
    const lines: string[] = [];
    const log = splitLines(4, (bytes) => lines.push(bytes.toString()));
    log.write(Buffer.from("0123456789"));
    expect(lines).toEqual(["0123", "4567"]);
  });

  test("a line that ends where a piece does has no empty piece behind it", ({ expect }) => {
    expect(linesOf(4, ["01234567", "\n"])).toEqual([
      { text: "0123", isPartial: true },
      { text: "4567", isPartial: false },
    ]);
  });

  test("no character is torn, unless it is longer than the limit", ({ expect }) => {
    const texts: string[] = [];
    const log = splitLines(4, (bytes) => texts.push(bytes.toString()));
    log.write(Buffer.from("aaäb€ccc😀\n"));
    expect(texts).toEqual(["aaä", "b€", "ccc", "😀"]);
  });

  test("with no limit a line without end is passed on by the mebibyte", ({ expect }) => {
    const chunk = Buffer.alloc(64 * 1024, "x");
    let longest = 0;
    let bytes = 0;
    const log = splitLines(0, (line) => {
      longest = Math.max(longest, line.length);
      bytes += line.length;
    });
    for (let count = 0; count < 40; count += 1) log.write(chunk);
    log.end();
    expect(bytes).toBe(40 * chunk.length);
    expect(longest).toBe(1024 * 1024);
  });
});

test("whatever the bytes, the limit and the chunks: no byte but line ends is lost, no piece is too long", ({
  expect,
}) => {
  const bytes = fc
    .array(fc.constantFrom("\n", "\r", "a", "\xe4", "\x80", "\xf0", "\xff"), { maxLength: 60 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(
      bytes,
      fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(100)),
      fc.oneof(fc.integer({ min: 1, max: 7 }), fc.constant(40)),
      (text, limit, size) => {
        const chunks = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
        const lines = linesOf(limit, chunks);
        const joined = lines
          .map((line) => (line.isPartial ? line.text : `${line.text}\n`))
          .join("");
        expect(joined).toBe(
          text.replace(/(?<!\n)$/, text === "" ? "" : "\n").replace(/\r?\n/g, "\n"),
        );
        for (const line of lines) expect(line.text.length).toBeLessThanOrEqual(limit);
      },
    ),
    { numRuns: 2000 },
  );
});

describe("what a function writes is gathered into one piece", () => {
  test("which comes with its end", ({ expect }) => {
    const pieces: string[] = [];
    const log = gather(100, (piece) => pieces.push(piece.toString()));
    log.write(Buffer.from("one\n"));
    log.write(Buffer.from("two"));
    expect(pieces).toEqual([]);
    log.end();
    expect(pieces).toEqual(["one\ntwo"]);
  });

  test("or when the limit is reached, so that an endless one takes no memory", ({ expect }) => {
    const pieces: string[] = [];
    const log = gather(4, (piece) => pieces.push(piece.toString()));
    for (const part of ["012", "345", "6"]) log.write(Buffer.from(part));
    log.end();
    expect(pieces).toEqual(["012345", "6"]);
  });
});
