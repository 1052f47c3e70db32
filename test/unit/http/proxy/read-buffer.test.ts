import { describe, test } from "vitest";
import { giveBack } from "../../../../src/core/give-back.ts";
import { ReadBuffer } from "../../../../src/http/proxy/read-buffer.ts";

/** What a read of so many bytes is. */
function read({ bytes }: ReadBuffer, length: number, fill: string): Buffer {
  return bytes.fill(fill, 0, length).subarray(0, length);
}

describe("a piece that was taken of what was read", () => {
  test.for([1, 4_095, 4_096, 65_535, 65_536])(
    "of %i bytes stays as it is when more is read",
    (length, { expect }) => {
      const buffer = new ReadBuffer();
      const piece = buffer.take(read(buffer, length, "a"));
      read(buffer, buffer.bytes.length, "b");
      expect(piece.equals(Buffer.alloc(length, "a"))).toBe(true);
    },
  );

  test.for([4_096, 65_535, 65_536])(
    "of %i bytes can be given back at once, and takes nothing else along",
    (length, { expect }) => {
      const buffer = new ReadBuffer();
      const piece = buffer.take(read(buffer, length, "a"));
      giveBack(piece);
      expect(piece.length).toBe(0);
      expect(buffer.bytes.length).toBe(65_536);
    },
  );

  test("costs no new memory to read to unless it is all that was read", ({ expect }) => {
    const buffer = new ReadBuffer();
    const { bytes } = buffer;
    buffer.take(read(buffer, 65_535, "a"));
    expect(buffer.bytes).toBe(bytes);
    buffer.take(read(buffer, 65_536, "a"));
    expect(buffer.bytes).not.toBe(bytes);
  });
});
