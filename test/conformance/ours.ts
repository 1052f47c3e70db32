import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../../bin/fwatchdog.ts", import.meta.url));

/** The packaged file, or the source. */
export const ourCommand = (path: string | undefined): readonly string[] =>
  path === undefined ? [process.execPath, source] : [path];

/** Theirs start without a program that can be found, write lines, and have metrics whether one can use them or not. */
export const ourVariables = { strict_config: "false", log_format: "text", metrics_port: "0" };
