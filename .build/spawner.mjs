// Builds dist/spawner/linux-{x64,arm64}/spawner: the machine's own with its C compiler, the other one with a cross compiler.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { arch, platform } from "node:os";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = new URL("..", import.meta.url);
const folder = fileURLToPath(new URL("src/process/spawner/", root));

/** Without a libc; what the spawner's own program and the launcher that embeds it are compiled with. */
export const flags = [
  "-std=gnu11 -O2 -g0 -ffreestanding -fno-builtin -nostdlib -static -fno-pie -no-pie",
  "-fno-stack-protector -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns -ffunction-sections",
  "-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Werror",
  "-Wl,--build-id=none -Wl,-z,noexecstack -Wl,--gc-sections -s",
].flatMap((line) => line.split(" "));

/** The files of `run_spawner`; a program that calls it adds its own `_start`. */
export const sources = readdirSync(folder)
  .filter((name) => name.endsWith(".c") && name !== "main.c")
  .map((name) => folder + name);

const crossCompilers = {
  x64: ["x86_64-linux-gnu-gcc", "x86_64-linux-musl-gcc"],
  arm64: ["aarch64-linux-gnu-gcc", "aarch64-linux-musl-gcc"],
};

/** The compiler for a machine (`x64`, `arm64`), or undefined. */
export function findCompiler(machine) {
  const own = process.env.CC ? [process.env.CC] : ["cc", "gcc", "clang"];
  const names = machine === arch() ? [...own, ...crossCompilers[machine]] : crossCompilers[machine];
  return names?.find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);
}

/** Gives why it could not be built, or undefined. */
export function buildSpawner(machine) {
  if (platform() !== "linux") return `the spawner is for Linux, not ${platform()}`;
  const compiler = findCompiler(machine);
  if (!compiler) return `there is no C compiler for ${machine}`;
  const target = fileURLToPath(new URL(`dist/spawner/linux-${machine}/`, root));
  mkdirSync(target, { recursive: true });
  // Another build may be running, and so may the spawner that is replaced: a new file takes its name.
  const made = `${target}spawner.${process.pid}`;
  const { status, stderr } = spawnSync(
    compiler,
    [...flags, "-o", made, ...sources, `${folder}main.c`],
    {
      encoding: "utf8",
    },
  );
  if (status === 0) return void renameSync(made, `${target}spawner`);
  rmSync(made, { force: true });
  return stderr.split("\n").find((line) => line.includes("error")) ?? `${compiler} failed`;
}

/** The machine's own spawner, and the other architecture's where a cross compiler is there. Never fails: it says. */
export function buildSpawners() {
  const own = arch();
  const missing = buildSpawner(own);
  if (missing) {
    console.warn(
      `No spawner was built (${missing}): processes are made with child_process instead.`,
    );
    return;
  }
  const other = own === "x64" ? "arm64" : "x64";
  if (findCompiler(other)) buildSpawner(other);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) buildSpawners();
