// The node binary that npm publishes for a machine: installed for this one, fetched through npm for the other.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { arch } from "node:os";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "./cache.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The folder of the package: `bin/node` and `LICENSE` are in it. */
export function nodePackageFolder(machine) {
  const name = `node-linux-${machine}`;
  const installed = `${root}node_modules/${name}`;
  if (machine === arch() && existsSync(installed)) return installed;
  return fetched(name);
}

function fetched(name) {
  const { version, integrity } = locked(name);
  const folder = `${cacheFolder()}/${name}-${version}`;
  if (existsSync(folder)) return folder;
  const work = `${folder}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  const report = execFileSync("npm", ["pack", `${name}@${version}`, "--json"], {
    cwd: work,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [packed] = JSON.parse(report);
  if (packed.integrity !== integrity) throw new Error(`${name}@${version} is not what was locked`);
  execFileSync("tar", ["-xzf", packed.filename], { cwd: work });
  renameSync(`${work}/package`, folder);
  rmSync(work, { recursive: true });
  return folder;
}

function locked(name) {
  const lock = JSON.parse(readFileSync(`${root}package-lock.json`, "utf8"));
  return lock.packages[`node_modules/${name}`];
}
