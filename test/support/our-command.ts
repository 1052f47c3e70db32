import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../../bin/fwatchdog.ts", import.meta.url));

/** The packaged file at this path, or the source. */
export const ourCommand = (path?: string): readonly string[] =>
  path === undefined ? [process.execPath, source] : [path];
