import { describe, test } from "vitest";
import { isRangeWanted, judgePreconditions } from "../../../src/http/preconditions.ts";

const STRONG = { etag: '"a,b"', modifiedSeconds: 784_111_777 };
const WEAK = { ...STRONG, etag: 'W/"a,b"' };
const NONE = { etag: undefined, modifiedSeconds: undefined };
const THEN = "Sun, 06 Nov 1994 08:49:37 GMT";
const BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";
const AFTER = "Sun, 06 Nov 1994 08:49:38 GMT";

describe("conditions of a GET", () => {
  test.for([
    [{}, "goOn"],
    [{ "if-none-match": '"a,b"' }, "notModified"],
    [{ "if-none-match": 'W/"a,b"' }, "notModified"],
    [{ "if-none-match": '"x", W/"y" , "a,b"' }, "notModified"],
    [{ "if-none-match": "*" }, "notModified"],
    [{ "if-none-match": '"a"' }, "goOn"],
    [{ "if-none-match": "a,b" }, "goOn"],
    [{ "if-match": '"a,b"' }, "goOn"],
    [{ "if-match": "*" }, "goOn"],
    [{ "if-match": 'W/"a,b"' }, "failed"],
    [{ "if-match": '"a", "b"' }, "failed"],
    [{ "if-modified-since": THEN }, "notModified"],
    [{ "if-modified-since": AFTER }, "notModified"],
    [{ "if-modified-since": BEFORE }, "goOn"],
    [{ "if-modified-since": "yesterday" }, "goOn"],
    [{ "if-unmodified-since": THEN }, "goOn"],
    [{ "if-unmodified-since": BEFORE }, "failed"],
    [{ "if-unmodified-since": "yesterday" }, "goOn"],
  ] as const)("%j: %s", ([headers, verdict], { expect }) => {
    expect(judgePreconditions(headers, STRONG)).toBe(verdict);
  });

  test.for([
    ["a tag goes before a date", { "if-none-match": '"x"', "if-modified-since": AFTER }, "goOn"],
    ["in If-Match too", { "if-match": '"a,b"', "if-unmodified-since": BEFORE }, "goOn"],
    [
      "what must fail fails before anything is called unchanged",
      { "if-match": '"x"', "if-none-match": '"a,b"' },
      "failed",
    ],
    [
      "what holds lets the rest decide",
      { "if-match": '"a,b"', "if-none-match": '"a,b"' },
      "notModified",
    ],
  ] as const)(
    "are weighed in the order of RFC 9110, 13.2.2: %s",
    ([, headers, verdict], { expect }) => {
      expect(judgePreconditions(headers, STRONG)).toBe(verdict);
    },
  );

  test("a weak tag is good enough to be called unchanged, not to be matched", ({ expect }) => {
    expect(judgePreconditions({ "if-none-match": '"a,b"' }, WEAK)).toBe("notModified");
    expect(judgePreconditions({ "if-match": 'W/"a,b"' }, WEAK)).toBe("failed");
  });

  test("what has no version of its own is never called unchanged", ({ expect }) => {
    expect(judgePreconditions({ "if-none-match": '"a,b"' }, NONE)).toBe("goOn");
    expect(judgePreconditions({ "if-modified-since": AFTER }, NONE)).toBe("goOn");
    expect(judgePreconditions({ "if-match": '"a,b"' }, NONE)).toBe("failed");
  });
});

describe("If-Range", () => {
  test.for([
    ['"a,b"', true],
    ['W/"a,b"', false],
    ['"x"', false],
    [THEN, true],
    [AFTER, false],
    ["yesterday", false],
  ] as const)("%s of a strong version: %s", ([condition, isWanted], { expect }) => {
    expect(isRangeWanted({ "if-range": condition }, STRONG)).toBe(isWanted);
  });

  test("never holds for a version that is not strong", ({ expect }) => {
    for (const condition of ['W/"a,b"', '"a,b"', THEN]) {
      expect(isRangeWanted({ "if-range": condition }, WEAK)).toBe(false);
      expect(isRangeWanted({ "if-range": condition }, NONE)).toBe(false);
    }
    expect(isRangeWanted({}, NONE)).toBe(true);
  });
});
