#!/usr/bin/env node
import { machine } from "node:os";
import { join } from "node:path";
import { formatGatewayHelp } from "../src/config/gateway/help.ts";
import { readGatewayConfig } from "../src/config/gateway/read.ts";
import { formatVersionLine, readVersion } from "../src/config/version.ts";
import { BreezeError } from "../src/core/errors.ts";
import { serve } from "../src/gateway/serve.ts";
import { readCommitMessage } from "../src/process/commit-message.ts";
import { readEnvironment } from "../src/process/environment.ts";
import { openProvider } from "../src/provider/registry.ts";
import { findWatchdogProgram } from "../src/provider/watchdog-program.ts";

async function main(argument: string | undefined): Promise<number> {
  if (argument === undefined) return await run();
  if (argument === "--help") console.log(formatGatewayHelp());
  else if (argument === "--version") console.log(formatVersionLine(readVersion(), new Date()));
  else console.error(`unknown argument: ${argument}\n${formatGatewayHelp()}`);
  return argument === "--help" || argument === "--version" ? 0 : 2;
}

async function run(): Promise<number> {
  const { config, warnings } = readGatewayConfig(readEnvironment(process.env).variables);
  const { dataDirectory, functionNamespace: defaultNamespace } = config;
  const root = join(import.meta.dirname, "..");
  const node = process.execPath;
  const watchdog = findWatchdogProgram(root, node);
  const given = { dataDirectory, defaultNamespace, watchdog: watchdog.command };
  const { version: release, sha } = readVersion();
  const version = { release, sha, commitMessage: readCommitMessage(root) };
  const samplePrograms = { folder: join(root, "samples"), node };
  const files = { pageFolder: join(root, "src/gateway/ui/page"), samplePrograms };
  const program = { version, architecture: machine(), ...files };
  const allWarnings = [...warnings, ...watchdog.warnings];
  return await serve({ ...program, config, warnings: allWarnings }, (warn) =>
    openProvider(config.provider, { ...given, machine: process.env, warn }),
  );
}

main(process.argv[2]).then(process.exit, (error: Error) => {
  if (!(error instanceof BreezeError)) throw error;
  console.error(error.message);
  process.exit(error.exitCode);
});
