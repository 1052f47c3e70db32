import { describe, test } from "vitest";
import { CgiHeadReader } from "../../../src/watchdog/cgi-head.ts";

const WHOLE = "Status: 201 Made\r\nContent-Type: a/b\nX-A:\t c d \n\nbody\n\nmore";

function readInPieces(text: string, size: number) {
  const reader = new CgiHeadReader();
  for (let start = 0; start < text.length; start += size) {
    const found = reader.push(Buffer.from(text.slice(start, start + size), "latin1"));
    if (found !== undefined) return { found, rest: text.slice(start + size) };
  }
  return { found: undefined, rest: "" };
}

describe("a header block", () => {
  test("is the same however it is cut, and the body begins behind it", ({ expect }) => {
    for (let size = 1; size <= WHOLE.length; size++) {
      const { found, rest } = readInPieces(WHOLE, size);
      expect(found).toMatchObject({
        status: 201,
        fields: [
          ["Content-Type", "a/b"],
          ["X-A", "c d"],
        ],
      });
      const body = (found as { body: Buffer }).body.toString("latin1");
      expect(body + rest).toBe("body\n\nmore");
    }
  });

  test("is bad as soon as one of its lines is", ({ expect }) => {
    const { found, rest } = readInPieces("Content-Type: a/b\nhello\n", 1);
    expect(found).toEqual({ kind: "badAnswer", reason: '"hello" is no header' });
    expect(rest).toBe("");
  });

  test("of less than 64 KiB is one, a larger one is not, in pieces of any size", ({ expect }) => {
    const block = (bytes: number) => `Content-Type: a/b\nX: ${"x".repeat(bytes - 23)}\n\n`;
    for (const size of [100, 4_096, 65_536, 200_000]) {
      expect(readInPieces(block(65_535), size).found).toMatchObject({ status: undefined });
      expect(readInPieces(block(66_000), size).found).toMatchObject({ kind: "badAnswer" });
    }
    expect(readInPieces("x".repeat(66_000), 1).found).toMatchObject({ kind: "badAnswer" });
  });

  test("is looked for in time that grows with it, though it comes byte by byte", ({ expect }) => {
    const started = performance.now();
    const lines = "X-Name: value\n".repeat(4_000);
    expect(readInPieces(lines, 1).found).toBeUndefined();
    // It takes some 50 ms; if each byte were looked at again and again it would be minutes.
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test("that is missing is told from one that has no end", ({ expect }) => {
    expect(new CgiHeadReader().missing.reason).toBe("there is no header block");
    const begun = new CgiHeadReader();
    begun.push(Buffer.from("Content-"));
    expect(begun.missing.reason).toBe("the output ends within its header block");
  });
});
