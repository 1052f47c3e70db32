// Makes dist/bin/fwatchdog.cjs where it is missing or older than its sources, in half a second. Replicas of the local provider
// run it: it listens in a quarter of the time that the source takes, for which a request to a function at zero waits.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { BUNDLE, isCurrentBuild } from "../src/provider/watchdog-program.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const bundler = `${root}node_modules/.bin/tsdown`;

if (!isCurrentBuild(root, root + BUNDLE)) {
  const missing = existsSync(bundler) ? build() : "tsdown is not installed";
  if (missing) console.warn(`${BUNDLE} was not built (${missing}): replicas start from source.`);
}

/** Replicas may be starting from the old one: the new one takes its name. Gives why it could not be built, or undefined. */
function build() {
  const work = `${root}dist/making.${process.pid}`;
  mkdirSync(`${root}dist/bin`, { recursive: true });
  try {
    const args = ["--config", ".tsdown.config.ts", "--logLevel", "error", "--out-dir", work];
    execFileSync(bundler, args, { cwd: root, stdio: "inherit" });
    renameSync(`${work}/${basename(BUNDLE)}`, root + BUNDLE);
    return undefined;
  } catch (error) {
    return error.message;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
