// `npm run package [-- x64 arm64]`: dist/linux-ARCH/fwatchdog, one file that runs on any libc, and dist/linux-ARCH/folder, the same as
// a folder. Both hold the launcher, node with the watchdog injected, its loader and libraries, and the licence texts.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { arch } from "node:os";
import { fileURLToPath } from "node:url";
import { WATCHDOG_NODE_FLAGS } from "../src/config/node-flags.ts";
import { compileLauncher } from "./launcher.mjs";
import { copyLibraries, strip } from "./libraries.mjs";
import { composeLicences } from "./licences.mjs";
import { nodePackageFolder } from "./node-binary.mjs";
import { writeSingleFile } from "./single-file.mjs";
import { findCompiler } from "./spawner.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const bundle = `${root}dist/bin/fwatchdog.cjs`;

const machines = process.argv.length > 2 ? process.argv.slice(2) : ["x64", "arm64"];
const buildable = machines.filter((machine) => findCompiler(machine) !== undefined);
for (const machine of machines.filter((name) => !buildable.includes(name))) {
  const cure = machine === "arm64" ? "gcc-aarch64-linux-gnu" : "gcc-x86-64-linux-gnu";
  console.error(`linux-${machine} is left out: no C compiler for it (on Debian: ${cure})`);
}
if (buildable.length < machines.length && (process.env.CI || buildable.length === 0))
  process.exit(1);

execFileSync("tsdown", ["--config", ".tsdown.config.ts", "--logLevel", "error"], {
  cwd: root,
  stdio: "inherit",
});
for (const machine of buildable) packageFor(machine);
linkForBuilders();

function packageFor(machine) {
  const output = `${root}dist/linux-${machine}`;
  const work = `${output}/making.${process.pid}`;
  mkdirSync(`${work}/folder`, { recursive: true });
  try {
    const parts = fillFolder(machine, `${work}/folder`);
    writeSingleFile(`${work}/fwatchdog`, `${work}/folder/fwatchdog`, parts);
    // A watchdog that runs from the old files goes on: the new ones take their names.
    rmSync(`${output}/folder`, { recursive: true, force: true });
    for (const name of ["fwatchdog", "folder"]) renameSync(`${work}/${name}`, `${output}/${name}`);
  } finally {
    rmSync(work, { recursive: true });
  }
  console.error(`dist/linux-${machine}/fwatchdog`);
}

/** Gives what belongs into the single file besides the launcher. */
function fillFolder(machine, folder) {
  const nodePackage = nodePackageFolder(machine);
  const node = `${folder}/node`;
  injectWatchdog(machine, `${nodePackage}/bin/node`, node);
  const libraries = copyLibraries(machine, node, folder);
  writeFileSync(`${folder}/LICENSES`, composeLicences({ machine, folder, nodePackage, bundle }));
  compileLauncher(machine, `${folder}/fwatchdog`);
  return [
    { kind: "node", name: "node", path: node },
    { kind: "loader", name: "loader", path: `${folder}/loader` },
    ...libraries.map((name) => ({ kind: "library", name, path: `${folder}/${name}` })),
    { kind: "licences", name: "LICENSES", path: `${folder}/LICENSES` },
  ];
}

/** Image builders have a name of their own for this machine. */
function linkForBuilders() {
  const link = `${root}dist/linux-amd64`;
  rmSync(link, { force: true });
  symlinkSync("linux-x64", link);
}

function injectWatchdog(machine, node, output) {
  const stripped = `${output}.stripped`;
  const recipe = `${output}.json`;
  copyFileSync(node, stripped);
  strip(machine, stripped); // before: what strip does to a file with an injection breaks it
  writeFileSync(recipe, JSON.stringify(injection(machine, stripped, output)));
  execFileSync(process.execPath, ["--build-sea", recipe], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  rmSync(stripped);
  rmSync(recipe);
}

function injection(machine, executable, output) {
  return {
    main: bundle,
    executable,
    output,
    useCodeCache: machine === arch(), // compiled code is one machine's own
    execArgv: WATCHDOG_NODE_FLAGS,
    execArgvExtension: "none", // neither NODE_OPTIONS nor an argument may add to them
    disableExperimentalSEAWarning: true,
  };
}
