import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { type StartedWatchdog, startTestWatchdog } from "./start-watchdog.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

export interface StartedSite extends StartedWatchdog {
  /** The folder that is served; the one that it is in is the test's too. */
  readonly site: string;
}

/** When the files of a site were written, unless they are written anew. */
export const WRITTEN = new Date("2020-02-02T03:04:05Z");
export const WRITTEN_TEXT = "Sun, 02 Feb 2020 03:04:05 GMT";

/** A watchdog with `mode=static` in front of a folder that holds `files`. */
export async function startSite(
  files: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>> = {},
): Promise<StartedSite> {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  const site = join(folder.path, "site");
  mkdirSync(site);
  for (const [name, content] of Object.entries(files)) writeOld(site, name, content);
  const settings = { mode: "static", static_path: site, ...variables };
  return { ...(await startTestWatchdog(settings)), site };
}

/** `content`: one character a byte. */
export function writeOld(site: string, name: string, content: string): void {
  const path = join(site, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, "latin1");
  utimesSync(path, WRITTEN, WRITTEN);
}
