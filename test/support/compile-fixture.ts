import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const flags = ["-O1", "-std=gnu11", "-fno-builtin", "-Wall", "-Werror"];

/** A C fixture as a program in a folder of its own, which goes with it. `more`: other sources, and flags. */
export function compileFixture(
  name: string,
  more: readonly string[] = [],
): { readonly path: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), "breeze-fixture-"));
  const path = join(folder, name);
  const source = fileURLToPath(new URL(`../fixtures/${name}.c`, import.meta.url));
  execFileSync("cc", [...flags, "-o", path, source, ...more]);
  execFileSync("chmod", ["-R", "a+rX", folder]);
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}
