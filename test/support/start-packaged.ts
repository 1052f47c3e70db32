import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { createTemporaryFolder } from "./temporary-folder.ts";

/** A watchdog of its own process, with nothing in its environment but what is given. */
export interface Packaged extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
}

/** Returns when it says that it has started. */
export async function startPackaged(
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>>,
): Promise<Packaged> {
  const folder = createTemporaryFolder();
  const [program, ...parameters] = command;
  const env = { port: "0", metrics_port: "0", TMPDIR: folder.path, PATH: process.env.PATH };
  const watchdog = spawn(program, parameters, {
    env: { ...env, ...environment },
    stdio: ["ignore", "inherit", "pipe"],
  });
  const ended = once(watchdog, "exit");
  const stop = async () => {
    watchdog.kill("SIGKILL");
    await ended;
    folder[Symbol.dispose]();
  };
  const said: string[] = [];
  for await (const line of createInterface(watchdog.stderr)) {
    said.push(line);
    const port = /"port":(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    watchdog.stderr.resume();
    return {
      pid: watchdog.pid ?? 0,
      url: `http://127.0.0.1:${port}`,
      [Symbol.asyncDispose]: stop,
    };
  }
  await stop();
  throw new Error(`${command.join(" ")}: ${said.join("\n")}`);
}
