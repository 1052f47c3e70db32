// Compiles the launcher: the image's one program, with the spawner in it.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readSourceVersion } from "../src/config/version.ts";
import { findCompiler, flags, sources as spawnerSources } from "./spawner.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}src/process/launcher/`;

// Node is linked to fixed addresses from 4 MiB on, and the launcher must not be in its way.
const address = "-Wl,-Ttext-segment=0x40000000";
const largestPage = { x64: 4096, arm64: 65536 };

export function compileLauncher(machine, output) {
  const compiler = findCompiler(machine);
  if (compiler === undefined) throw new Error(`there is no C compiler for ${machine}`);
  const { version, sha } = readSourceVersion(root);
  const sources = readdirSync(folder).filter((name) => name.endsWith(".c"));
  execFileSync(compiler, [
    ...flags,
    address,
    `-Wl,-z,max-page-size=${largestPage[machine]}`,
    `-DBREEZE_VERSION="${version}"`,
    `-DBREEZE_SHA="${sha}"`,
    "-o",
    output,
    ...sources.map((name) => folder + name),
    ...spawnerSources,
  ]);
}
