import { execFileSync } from "node:child_process";
import { existsSync, globSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const project = fileURLToPath(new URL("../..", import.meta.url));

const inputs = [
  "src/**/*.{ts,c,h}",
  "bin/*.ts",
  ".build/**",
  "package-lock.json",
  ".tsdown.config.ts",
];

/** The single file for a machine, as `npm run package` makes it. */
export const singleFile = (machine: string): string => `${project}dist/linux-${machine}/fwatchdog`;

/** Makes the packages anew if the source is newer than they are. */
export function ensurePackages(): void {
  if (isCurrent()) return;
  execFileSync("node", [`${project}.build/package.mjs`], { cwd: project, stdio: "inherit" });
}

function isCurrent(): boolean {
  const own = singleFile(process.arch);
  if (!existsSync(own)) return false;
  const packaged = statSync(own).mtimeMs;
  const sources = inputs.flatMap((pattern) => globSync(project + pattern));
  return sources.every((path) => statSync(path).mtimeMs <= packaged);
}
