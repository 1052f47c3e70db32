import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** The command line of one engine. */
export interface Docker {
  /** Gives what the command prints; fails with what it says on stderr. */
  run(args: readonly string[], input?: string): Promise<string>;
  /** What a container wrote, to stdout and to stderr. */
  logs(container: string): Promise<string>;
  inspect<T>(what: string, format: string): Promise<T>;
}

export function createDocker(host: string): Docker {
  // The classic builder: the other one needs a plugin, or a newer engine.
  const env = { ...process.env, DOCKER_HOST: host, DOCKER_BUILDKIT: "0" };
  const start = (args: readonly string[]) => execute("docker", args, { env, maxBuffer: 2 ** 26 });
  const run: Docker["run"] = async (args, input) => {
    const running = start(args);
    running.child.stdin?.end(input);
    return (await running).stdout.trim();
  };
  return {
    run,
    logs: async (container) => {
      const { stdout, stderr } = await start(["logs", container]);
      return stdout + stderr;
    },
    inspect: async (what, format) =>
      JSON.parse(await run(["inspect", "--format", `{{json ${format}}}`, what])),
  };
}
