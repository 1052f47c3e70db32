import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, onTestFinished, test } from "vitest";
import { LogFile } from "../../../../src/provider/local/log-file.ts";
import { createTemporaryFolder } from "../../../support/temporary-folder.ts";

function createLog(limitBytes = 1024 * 1024) {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  const path = join(folder.path, "a.log");
  const lines: string[] = [];
  const file = new LogFile({
    path,
    limitBytes,
    onLine: (_, text) => lines.push(text),
    onFailure(error) {
      throw error;
    },
  });
  return { path, lines, file };
}

describe("a replica's log file", () => {
  test("has a line whole, however it was cut on the way", ({ expect }) => {
    const { file, lines, path } = createLog();
    const bytes = Buffer.from("grüß dich\n\nlast");
    for (const byte of bytes) file.append(Buffer.from([byte]));
    file.close();
    expect(lines).toEqual(["grüß dich", "", "last"]);
    expect(readFileSync(path, "utf8")).toMatch(/^\S{24} grüß dich\n\S{24} \n\S{24} last\n$/);
  });

  test("is never more than twice its limit, and has the latest", ({ expect }) => {
    const { file, path } = createLog(10_000);
    for (let number = 0; number < 2000; number++) file.append(Buffer.from(`line ${number}\n`));
    file.close();
    const sizes = [path, `${path}.1`].map((one) => statSync(one).size);
    for (const size of sizes) expect(size).toBeLessThanOrEqual(10_000);
    expect(readFileSync(path, "utf8").trimEnd()).toMatch(/line 1999$/);
    const both = readFileSync(`${path}.1`, "utf8") + readFileSync(path, "utf8");
    const numbers = both
      .trimEnd()
      .split("\n")
      .map((line) => Number(line.split(" ")[2]));
    expect(numbers).toEqual(numbers.map((_, index) => 2000 - numbers.length + index));
  });

  test("has a line without end in pieces", ({ expect }) => {
    const { file, lines } = createLog();
    for (let count = 0; count < 3; count++) file.append(Buffer.alloc(64 * 1024, "x"));
    expect(lines.map(({ length }) => length)).toEqual([65536, 65536, 65536]);
    file.close();
  });
});
