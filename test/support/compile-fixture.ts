import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A C fixture as a program in a folder of its own, which goes with it. */
export function compileFixture(name: string): { readonly path: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), "breeze-fixture-"));
  const path = join(folder, name);
  const source = fileURLToPath(new URL(`../fixtures/${name}.c`, import.meta.url));
  execFileSync("cc", ["-O1", "-Wall", "-Werror", "-o", path, source]);
  execFileSync("chmod", ["-R", "a+rX", folder]);
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}
