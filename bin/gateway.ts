#!/usr/bin/env node
import { machine } from "node:os";
import { join } from "node:path";
import { isatty } from "node:tty";
import { formatGatewayHelp } from "../src/config/gateway/help.ts";
import { readGatewayConfig } from "../src/config/gateway/read.ts";
import { formatVersionLine, readVersion } from "../src/config/version.ts";
import { BreezeError } from "../src/core/errors.ts";
import { serve } from "../src/gateway/serve.ts";
import { readEnvironment } from "../src/process/environment.ts";
import { openProvider } from "../src/provider/registry.ts";

async function main([argument]: readonly string[]): Promise<number> {
  if (argument === "--help" || argument === "-h") {
    console.log(formatGatewayHelp());
    return 0;
  }
  if (argument === "--version") {
    console.log(formatVersionLine(readVersion(), new Date()));
    return 0;
  }
  if (argument !== undefined) {
    console.error(`unknown argument: ${argument}\n${formatGatewayHelp()}`);
    return 2;
  }
  const { version: release, sha } = readVersion();
  const { config, warnings } = readGatewayConfig(readEnvironment(process.env).variables);
  const { dataDirectory, functionNamespace: defaultNamespace } = config;
  const watchdog = [process.execPath, join(import.meta.dirname, "fwatchdog.ts")];
  const opening = { dataDirectory, defaultNamespace, watchdog, machine: process.env };
  return await serve({
    config,
    warnings,
    version: { release, sha, commitMessage: "" },
    architecture: machine(),
    isTerminal: isatty(2),
    openProvider: (warn) => openProvider(config.provider, { ...opening, warn }),
  });
}

main(process.argv.slice(2)).then(process.exit, (error: Error) => {
  if (!(error instanceof BreezeError)) throw error;
  console.error(error.message);
  process.exit(error.exitCode);
});
