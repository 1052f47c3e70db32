#!/usr/bin/env node
import { machine } from "node:os";
import { join } from "node:path";
import { formatGatewayHelp } from "../src/config/gateway/help.ts";
import { readGatewayConfig } from "../src/config/gateway/read.ts";
import { findRootFolder } from "../src/config/root-folder.ts";
import { formatVersionLine, readVersion } from "../src/config/version.ts";
import { BreezeError } from "../src/core/errors.ts";
import { parseGatewayCommandLine } from "../src/gateway/commands/command-line.ts";
import { GATEWAY_DATA } from "../src/gateway/data/items.ts";
import { serve } from "../src/gateway/serve.ts";
import { readCommitMessage } from "../src/process/commit-message.ts";
import { readEnvironment } from "../src/process/environment.ts";
import { openProvider, readProviderData } from "../src/provider/registry.ts";
import { findWatchdogProgram } from "../src/provider/watchdog-program.ts";

const root = findRootFolder(import.meta.dirname);

async function main(): Promise<number> {
  const version = readVersion();
  const task = parseGatewayCommandLine(process.argv.slice(2), {
    help: formatGatewayHelp,
    version: () => formatVersionLine(version, new Date()),
  });
  if (task.kind === "text") {
    console.log(task.text);
    return 0;
  }
  const { config, warnings } = readGatewayConfig(readEnvironment(process.env).variables);
  const dataItems = [...GATEWAY_DATA, ...(await readProviderData(config.provider))];
  const release = version.version;
  if (task.kind === "command") {
    const context = { config, release, dataItems, say: console.log, note: console.error };
    await task.command.run(task.given, context);
    return 0;
  }
  const node = process.execPath;
  const watchdog = findWatchdogProgram(root, node);
  const { dataDirectory, functionNamespace: defaultNamespace } = config;
  const given = { dataDirectory, defaultNamespace, watchdog: watchdog.command };
  const program = {
    version: { release, sha: version.sha, commitMessage: readCommitMessage(root) },
    architecture: machine(),
    pageFolder: join(root, "src/gateway/ui/page"),
    samplePrograms: { folder: join(root, "samples"), node },
  };
  const allWarnings = [...warnings, ...watchdog.warnings];
  return await serve({ ...program, config, dataItems, warnings: allWarnings }, (running) =>
    openProvider(config.provider, { ...given, machine: process.env, ...running }),
  );
}

main().then(process.exit, (error: Error) => {
  if (!(error instanceof BreezeError)) throw error;
  console.error(error.message);
  process.exit(error.exitCode);
});
