import { spawnSync } from "node:child_process";
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

  test("keeps lines whole or not at all where there is no room", ({ expect }) => {
    using folder = createTemporaryFolder();
    const path = join(folder.path, "a.log");
    const module = new URL("../../../../src/provider/local/log-file.ts", import.meta.url);
    const program = `
      import { LogFile } from ${JSON.stringify(module.href)};
      const failures = [];
      const onFailure = ({ message }) => failures.push(message);
      const path = ${JSON.stringify(path)};
      const file = new LogFile({ path, limitBytes: 1_000_000, onLine() {}, onFailure });
      for (let number = 0; number < 9; number++) file.append(Buffer.alloc(1_000, "x").fill("\\n", 999));
      console.log(failures.length);`;
    // A limit of the kernel's cuts a write as a full disk does.
    const limited = ["-c", 'ulimit -f 8; exec "$0" "$@"', process.execPath];
    const { stdout, stderr } = spawnSync("sh", [...limited, "--input-type=module", "-e", program], {
      encoding: "utf8",
    });
    expect([stderr, Number(stdout)]).toEqual(["", 9 - 3]);
    const text = readFileSync(path, "utf8");
    expect(text).toMatch(/^(\S{24} x{999}\n){3}$/);
  });

  test("has a line without end in pieces", ({ expect }) => {
    const { file, lines } = createLog();
    for (let count = 0; count < 3; count++) file.append(Buffer.alloc(64 * 1024, "x"));
    expect(lines.map(({ length }) => length)).toEqual([65536, 65536, 65536]);
    file.close();
  });
});
