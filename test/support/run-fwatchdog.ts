import { chownSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { RunningProgram } from "./running-program.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";
import { until } from "./until.ts";

const PROGRAM = fileURLToPath(new URL("../../bin/fwatchdog.ts", import.meta.url));

export interface FwatchdogOptions {
  /** What runs it, with its arguments. */
  readonly under?: readonly string[];
  /** As which user and group, for what root is allowed to. */
  readonly uid?: number;
}

/** `bin/fwatchdog.ts` as it is, in a process of its own with nothing in its environment but what is given. */
export class Fwatchdog extends RunningProgram {
  readonly folder: string;

  constructor(
    variables: Readonly<Record<string, string>>,
    commandLine: readonly string[] = [],
    { under = [], uid }: FwatchdogOptions = {},
  ) {
    const folder = createTemporaryFolder();
    if (uid !== undefined) chownSync(folder.path, uid, uid);
    const standard = { PATH: process.env.PATH, port: "0", metrics_port: "0", TMPDIR: folder.path };
    const user = uid === undefined ? {} : { uid, gid: uid };
    super(
      [...under, process.execPath, PROGRAM, ...commandLine],
      { ...user, env: { ...standard, ...variables } },
      () => folder[Symbol.dispose](),
    );
    this.folder = folder.path;
  }

  /** The port, once it listens. */
  async port(): Promise<number> {
    await until(
      "it says its port",
      () => /"port":(\d+)/.test(this.stderr) || this.process.exitCode !== null,
      30_000,
    );
    const port = /"port":(\d+)/.exec(this.stderr)?.[1];
    if (port === undefined) throw new Error(`it ended: ${this.stderr}`);
    return Number(port);
  }

  signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }
}
