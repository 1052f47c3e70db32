import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readGatewayConfig } from "../../src/config/gateway/read.ts";
import { readVersion } from "../../src/config/version.ts";
import { serve } from "../../src/gateway/serve.ts";
import { specOf } from "../../test/support/function-spec.ts";
import { UpstreamProvider } from "./upstream-provider.ts";

/**
 * The gateway as `bin/gateway.ts` composes it, but for its provider: the one function that it has is the bench's upstream,
 * which a gateway of another make can be told to pass requests on to, too.
 */
const echo = specOf("echo");

const folder = mkdtempSync(join(tmpdir(), "breeze-bench-"));
const { upstream_port: port, ...environment } = process.env;
const { config, warnings } = readGatewayConfig({
  data_dir: folder,
  samples: "false",
  ...environment,
});
const { version: release, sha } = readVersion();
const version = { release, sha, commitMessage: "" };
const root = fileURLToPath(new URL("../../", import.meta.url));
const files = {
  pageFolder: `${root}src/gateway/ui/page`,
  samplePrograms: { folder: `${root}samples`, node: process.execPath },
};
const program = { version, architecture: "bench", ...files };
process.exitCode = await serve({ ...program, config, warnings, dataItems: [] }, async () => {
  const provider = new UpstreamProvider(Number(port));
  await provider.deploy(echo);
  return provider;
});
rmSync(folder, { recursive: true });
process.exit();
