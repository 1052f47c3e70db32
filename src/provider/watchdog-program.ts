import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { WATCHDOG_NODE_FLAGS } from "../config/node-flags.ts";

/** What replicas of this machine are. */
export interface WatchdogProgram {
  /** Absolute, and its arguments. */
  readonly command: readonly string[];
  /** A line for whoever starts the gateway, where they start slower than they could. */
  readonly warnings: readonly string[];
}

/** Where it is from source, and what a build of it is made of. */
const SOURCE = "bin/fwatchdog.ts";
const SOURCES = ["src/config", "src/core", "src/http", "src/process", "src/watchdog", SOURCE];
/** As `prepare` makes it. */
export const BUNDLE = "dist/bin/fwatchdog.cjs";

/**
 * The watchdog of this very program, which lies in the folder `root`: the single file, where it was built, else the bundle,
 * either of which listens in a quarter of the time that the source takes. A build that is older than its sources is not
 * what somebody who has changed them wants to see, and is never taken; where there are no sources there is nothing to compare.
 */
export function findWatchdogProgram(root: string, node: string): WatchdogProgram {
  const single = join(root, `dist/linux-${process.arch}/fwatchdog`);
  const bundle = join(root, BUNDLE);
  if (process.platform === "linux" && isCurrentBuild(root, single)) {
    return { command: [single], warnings: [] };
  }
  const onNode = (file: string) => [node, ...WATCHDOG_NODE_FLAGS, file];
  if (isCurrentBuild(root, bundle)) return { command: onNode(bundle), warnings: [] };
  const state = timeOf(bundle) === undefined ? "is not built" : "is older than its sources";
  const warning = `replicas start from source, which takes four times as long: ${BUNDLE} ${state} (npm run prepare builds it)`;
  return { command: onNode(join(root, SOURCE)), warnings: [warning] };
}

/** False: it is not there, or its sources are and have changed since. */
export function isCurrentBuild(root: string, file: string): boolean {
  const built = timeOf(file);
  if (built === undefined) return false;
  return SOURCES.flatMap((source) => timesIn(join(root, source))).every((time) => time <= built);
}

/** Of a file, or of all files in a folder, when they were changed; none where it is not there. */
function timesIn(path: string): number[] {
  try {
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .flatMap(({ parentPath, name }) => timeOf(join(parentPath, name)) ?? []);
  } catch {
    return [timeOf(path) ?? 0];
  }
}

function timeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
