import { readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { fixture } from "./fixture.ts";
import { type StartedWatchdog, startTestWatchdog } from "./start-watchdog.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

export interface HttpFunction {
  readonly watchdog: StartedWatchdog;
  /** What the function has noted, line by line: `started`, `listening`, `TERM`. */
  notes(): string[];
}

/** A watchdog whose function is a real server of its own, on a socket file. */
export async function startHttpFunction(
  variables: Readonly<Record<string, string>> = {},
  { delayMs = 0, noteFile = "notes" } = {},
): Promise<HttpFunction> {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  const [socket, file] = [join(folder.path, "socket"), join(folder.path, noteFile)];
  const watchdog = await startTestWatchdog({
    mode: "http",
    fprocess: `${process.execPath} ${fixture("serves-http.ts")} ${socket} ${file} ${delayMs}`,
    upstream_url: `unix:${socket}`,
    ...variables,
  });
  return { watchdog, notes: () => readLines(file) };
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").slice(0, -1);
  } catch {
    return [];
  }
}
