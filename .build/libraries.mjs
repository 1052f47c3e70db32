// The loader and the libraries that a node binary needs, from the C compiler's own folders.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { findCompiler } from "./spawner.mjs";

const LOADERS = ["ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"];

/** Copies them into the folder, the loader as `loader`. Gives the libraries' names. */
export function copyLibraries(machine, node, folder) {
  const needed = neededBy(node);
  const libraries = needed.filter((name) => !LOADERS.includes(name));
  for (const name of needed) {
    const copy = `${folder}/${LOADERS.includes(name) ? "loader" : name}`;
    copyFileSync(find(machine, name), copy);
    // The loader keeps its symbols: debuggers look there for where libraries are.
    if (libraries.includes(name)) strip(machine, copy);
  }
  return libraries;
}

/** Symbols and notes for debuggers are a fifth of node, and nothing reads them. */
export function strip(machine, file) {
  execFileSync(tool(machine, "strip"), [file]);
}

/** Which glibc it is, as it says itself: the name of a source package, on Debian. */
export function readGlibcVersion(folder) {
  const text = readFileSync(`${folder}/libc.so.6`, "latin1");
  return /GNU C Library \(([^)]+)\) stable release/.exec(text)?.[1] ?? "unknown";
}

export function readGccVersion(machine) {
  const [line] = execFileSync(findCompiler(machine), ["--version"], { encoding: "utf8" }).split(
    "\n",
  );
  return line;
}

function neededBy(node) {
  const dynamic = execFileSync("readelf", ["-d", node], { encoding: "utf8" });
  return [...dynamic.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, name]) => name);
}

function find(machine, name) {
  const compiler = findCompiler(machine);
  const path = execFileSync(compiler, [`-print-file-name=${name}`], { encoding: "utf8" }).trim();
  if (path !== name && existsSync(path)) return path;
  throw new Error(
    `${name} for ${machine} is not here: its package is missing beside that of ${compiler}`,
  );
}

/** What belongs to a cross compiler bears its name's beginning. */
function tool(machine, name) {
  return `${/^(.*-)gcc$/.exec(findCompiler(machine))?.[1] ?? ""}${name}`;
}
