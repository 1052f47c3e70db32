#!/usr/bin/env node
import { isatty } from "node:tty";
import { formatHelp } from "../src/config/help.ts";
import { readLicence } from "../src/config/licence.ts";
import { formatVersionLine, readVersion } from "../src/config/version.ts";
import { BreezeError } from "../src/core/errors.ts";
import { readEnvironment } from "../src/process/environment.ts";
import { parseCommandLine } from "../src/watchdog/command-line.ts";
import { runHealthcheck } from "../src/watchdog/healthcheck.ts";
import { serve } from "../src/watchdog/serve.ts";

async function main(): Promise<number> {
  const task = parseCommandLine(process.argv.slice(2));
  switch (task) {
    case "help":
      console.log(formatHelp());
      return 0;
    case "licenses":
      console.log(readLicence());
      return 0;
    case "version":
      console.error(formatVersionLine(readVersion(), new Date()));
      return 0;
    case "run-healthcheck":
      if (await runHealthcheck(readEnvironment(process.env).variables)) return 0;
      console.error("unable to find lock file.");
      return 1;
    case "serve":
      return await serve(readEnvironment(process.env), isatty(2));
    default:
      console.error(`flag provided but not defined: ${task.unknownFlag}\n${formatHelp()}`);
      return 2;
  }
}

main().then(process.exit, (error: Error) => {
  if (!(error instanceof BreezeError)) throw error;
  console.error(error.message);
  process.exit(error.exitCode);
});
