import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** The folder of our own group in the cgroup v2 hierarchy; undefined: it is mounted nowhere. */
function ownGroup(): string | undefined {
  const path = /^0::(.*)$/m.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1];
  for (const line of readFileSync("/proc/self/mountinfo", "utf8").split("\n")) {
    const [, , , root = "", place = ""] = line.split(" ");
    const prefix = root === "/" ? "" : root;
    if (path?.startsWith(prefix) && line.includes(" - cgroup2 ")) {
      return join(place, path.slice(prefix.length));
    }
  }
  return undefined;
}

/** Why no group can be made here. It is what the machine can or cannot do, so CI may skip for it too. */
export function noGroupsReason(): string | undefined {
  const own = ownGroup();
  if (own === undefined) return "no cgroup v2 hierarchy is mounted";
  try {
    makeGroup("breeze-test-probe")[Symbol.dispose]();
    return undefined;
  } catch (error) {
    return `the cgroup v2 hierarchy may not be written: ${(error as Error).message}`;
  }
}

export interface TestGroup extends Disposable {
  readonly path: string;
  /** The folders in it, at any depth. */
  folders(): string[];
  /** A command that runs another one in this group. */
  readonly enter: readonly string[];
}

/** A group below our own, for one test alone. */
export function makeGroup(name: string): TestGroup {
  const path = join(ownGroup() as string, `${name}-${process.pid}`);
  mkdirSync(path);
  return {
    path,
    enter: ["sh", "-c", `echo $$ >${join(path, "cgroup.procs")}; exec "$@"`, "sh"],
    folders: () => foldersBelow(path),
    [Symbol.dispose]: () => removeGroup(path),
  };
}

function foldersBelow(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [
      name,
      ...foldersBelow(join(path, name)).map((each) => join(name, each)),
    ]);
}

/** Whether a living process is in it or below it. */
export const isPopulated = (path: string): boolean =>
  readFileSync(join(path, "cgroup.events"), "utf8").includes("populated 1");

/** What a failed test has left there goes too. */
function removeGroup(path: string): void {
  const kill = join(path, "cgroup.kill");
  if (existsSync(kill)) writeFileSync(kill, "1");
  const end = performance.now() + 5000;
  while (isPopulated(path) && performance.now() < end) {
    // Whoever was killed ends in no time.
  }
  for (const folder of foldersBelow(path).reverse()) rmdirSync(join(path, folder));
  rmdirSync(path);
}
