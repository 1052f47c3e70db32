import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BenchGateway } from "../../../bench/scale/bench-gateway.ts";
import { GATEWAY_COMMAND } from "../../../bench/scale/gateway-command.ts";
import { killProcesses } from "../../../bench/server/processes.ts";
import { COLLECTING_GATEWAY_COMMAND } from "../../../bench/soak/collecting-gateway.ts";
import { toBasicAuth } from "../../support/basic-auth.ts";

const USER = "fuzz";
const PASSWORD = "no visitor knows it";
export const AUTHORIZATION = toBasicAuth(USER, PASSWORD);

export interface FuzzedGateway {
  readonly gateway: BenchGateway;
  /** Opens the function `keyed`. */
  readonly key: string;
  /** With the replicas that a gateway which did not end in good order has left. */
  clearAway(): void;
}

/** A gateway in a process of its own that is closed to those who do not know the password. */
export async function startFuzzedGateway(): Promise<FuzzedGateway> {
  const folder = mkdtempSync(join(tmpdir(), "breeze-fuzz-"));
  const clearAway = () => {
    killProcesses(folder);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [data, secrets] = [join(folder, "data"), join(folder, "secrets")];
    for (const path of [data, secrets]) mkdirSync(path, { mode: 0o700 });
    writeFileSync(join(secrets, "basic-auth-user"), USER);
    writeFileSync(join(secrets, "basic-auth-password"), PASSWORD);
    const key = createKey(data);
    const variables = {
      ...{ basic_auth: "true", secret_mount_path: secrets, read_timeout: "2s" },
      ...{ max_async_body: "64Ki", TMPDIR: folder },
    };
    const gateway = await BenchGateway.start({
      ...{ command: COLLECTING_GATEWAY_COMMAND, variables, folder: data },
      headers: { Authorization: AUTHORIZATION },
    });
    return { gateway, key, clearAway };
  } catch (error) {
    clearAway();
    throw error;
  }
}

function createKey(data: string): string {
  const [node = "", ...args] = GATEWAY_COMMAND;
  const options = ["token", "create", "fuzz", "--scope", "invoke", "--function", "keyed"];
  const { stdout, stderr, status } = spawnSync(node, [...args, ...options], {
    env: { PATH: process.env.PATH, data_dir: data },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}
