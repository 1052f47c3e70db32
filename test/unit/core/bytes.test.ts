import fc from "fast-check";
import { test } from "vitest";
import { formatBytes, parseBytes } from "../../../src/core/bytes.ts";

test.for<[string, number]>([
  ["0", 0],
  ["1048576", 1_048_576],
  ["512B", 512],
  ["10kB", 10_000],
  ["10KB", 10_000],
  ["10MB", 10_000_000],
  ["1.5GB", 1_500_000_000],
  ["1TB", 1e12],
  ["64KiB", 65_536],
  ["64Ki", 65_536],
  ["1GiB", 1_073_741_824],
  ["1gib", 1_073_741_824],
  ["1.5 MiB", 1_572_864],
  ["2TiB", 2_199_023_255_552],
])("%s is %d bytes", ([text, bytes], { expect }) => {
  expect(parseBytes(text)).toBe(bytes);
});

test.for([
  "",
  "B",
  "-1",
  "+1",
  "1.5",
  "1M",
  "1K",
  "10 MB ",
  "1  MB",
  " 1",
  "1e6",
  ".5MB",
  "10MBs",
  "0x10",
  "10,5MB",
  "99999999TB",
])("%j is no size", (text, { expect }) => {
  expect(parseBytes(text)).toBeUndefined();
});

test.for<[number, string]>([
  [0, "0B"],
  [512, "512B"],
  [65_536, "64KiB"],
  [1_572_864, "1.5MiB"],
  [2 ** 30, "1GiB"],
  [2 ** 41, "2TiB"],
])("%d bytes are printed as %s", ([bytes, text], { expect }) => {
  expect(formatBytes(bytes)).toBe(text);
});

test("whole numbers of a unit are printed and read back as the same", ({ expect }) => {
  const size = fc.tuple(fc.integer({ min: 0, max: 1023 }), fc.integer({ min: 0, max: 4 }));
  fc.assert(
    fc.property(size, ([count, power]) => {
      const bytes = count * 1024 ** power;
      expect(parseBytes(formatBytes(bytes))).toBe(bytes);
    }),
  );
});
