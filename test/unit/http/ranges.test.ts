import { describe, test } from "vitest";
import { lengthOf, toByteRanges } from "../../../src/http/byteranges.ts";
import { parseRanges } from "../../../src/http/ranges.ts";

const WHOLE = undefined;

describe("a range of ten bytes", () => {
  test.for([
    ["bytes=0-0", [[0, 1]]],
    ["bytes=2-5", [[2, 6]]],
    ["Bytes= 2-5 ", [[2, 6]]],
    ["bytes=7-", [[7, 10]]],
    ["bytes=7-99", [[7, 10]]],
    ["bytes=-3", [[7, 10]]],
    ["bytes=-99", [[0, 10]]],
    [
      "bytes=0-1, 4-4 ,-1",
      [
        [0, 2],
        [4, 5],
        [9, 10],
      ],
    ],
    ["bytes=0-1,50-60", [[0, 2]]],
    [`bytes=0-${"9".repeat(400)}`, [[0, 10]]],
  ] as const)("%s is %j", ([header, ranges], { expect }) => {
    expect(parseRanges(header, 10)).toEqual(ranges.map(([start, end]) => ({ start, end })));
  });

  test.for(["bytes=10-", "bytes=50-60", "bytes=-0", `bytes=${"9".repeat(400)}-`])(
    "%s is of nothing that is there",
    (header, { expect }) => {
      expect(parseRanges(header, 10)).toEqual([]);
    },
  );

  test.for([
    "",
    "bytes",
    "bytes=",
    "bytes=-",
    "bytes=5-2",
    "bytes=a-b",
    "bytes=0x1-2",
    "bytes=1-2,",
    "bytes=-1-2",
    "bytes=1.0-2",
    "lines=0-1",
  ])("%j is not understood, so the whole is sent", (header, { expect }) => {
    expect(parseRanges(header, 10)).toBe(WHOLE);
  });

  test("that asks for more than the whole gets the whole", ({ expect }) => {
    expect(parseRanges("bytes=0-9,0-0", 10)).toBe(WHOLE);
    expect(parseRanges(`bytes=${Array(17).fill("0-0").join(",")}`, 1000)).toBe(WHOLE);
    expect(parseRanges(`bytes=${Array(16).fill("0-0").join(",")}`, 1000)).toHaveLength(16);
  });

  test("of nothing is nothing less than the whole", ({ expect }) => {
    expect(parseRanges("bytes=0-", 0)).toBe(WHOLE);
  });
});

test("several ranges are parts with a boundary that no two answers share", ({ expect }) => {
  const ranges = [
    { start: 0, end: 2 },
    { start: 8, end: 10 },
  ];
  const { type, pieces } = toByteRanges(ranges, 10, "text/plain");
  const [, boundary] = /^multipart\/byteranges; boundary=([\w-]+)$/.exec(type) ?? [];
  expect(pieces).toEqual([
    `--${boundary}\r\nContent-Range: bytes 0-1/10\r\nContent-Type: text/plain\r\n\r\n`,
    ranges[0],
    `\r\n--${boundary}\r\nContent-Range: bytes 8-9/10\r\nContent-Type: text/plain\r\n\r\n`,
    ranges[1],
    `\r\n--${boundary}--\r\n`,
  ]);
  expect(lengthOf(pieces)).toBe(
    pieces.filter((piece) => typeof piece === "string").join("").length + 4,
  );
  expect(toByteRanges(ranges, 10, "text/plain").type).not.toBe(type);
});
