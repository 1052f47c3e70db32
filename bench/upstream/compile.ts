import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

let compiled: string | undefined;

/** The program of `upstream.c`, made once and gone with this process. */
export function compileUpstream(): string {
  if (compiled !== undefined) return compiled;
  const folder = mkdtempSync(join(tmpdir(), "breeze-bench-upstream-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const source = fileURLToPath(new URL("upstream.c", import.meta.url));
  const program = join(folder, "upstream");
  execFileSync("cc", ["-O2", "-Wall", "-Werror", "-pthread", "-o", program, source]);
  compiled = program;
  return program;
}
