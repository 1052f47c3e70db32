import { until } from "../until.ts";
import type { Docker } from "./docker.ts";

/** A watchdog in a container, gone at the end of the test. */
export interface Container extends AsyncDisposable {
  readonly id: string;
  /** Of the watchdog's port, reached at the container's own address. */
  readonly url: string;
  readonly address: string;
  /** What it wrote to stdout and stderr so far. */
  logs(): Promise<string>;
  /** Waits for its end. */
  exitCode(): Promise<number>;
}

export interface ContainerOptions {
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** For `docker run`. */
  readonly options?: readonly string[];
  readonly command?: readonly string[];
}

/** Returns when the watchdog answers its health check. */
export async function startWatchdog(docker: Docker, options: ContainerOptions): Promise<Container> {
  const container = await startContainer(docker, options);
  try {
    await until("the watchdog is healthy", () => isHealthy(docker, container), 30_000);
  } catch (error) {
    const logs = await container.logs();
    await container[Symbol.asyncDispose]();
    throw new Error(`no watchdog in ${options.image}: ${logs}`, { cause: error });
  }
  return container;
}

export async function startContainer(
  docker: Docker,
  { image, environment = {}, options = [], command = [] }: ContainerOptions,
): Promise<Container> {
  const variables = Object.entries(environment).flatMap(([name, value]) => [
    "--env",
    `${name}=${value}`,
  ]);
  const id = await docker.run(["run", "--detach", ...variables, ...options, image, ...command]);
  const address = await docker.inspect<string>(id, ".NetworkSettings.IPAddress");
  return {
    id,
    address,
    url: `http://${address}:${environment.port ?? environment.PORT ?? 8080}`,
    logs: () => docker.logs(id),
    exitCode: async () => Number(await docker.run(["wait", id])),
    [Symbol.asyncDispose]: async () => {
      await docker.run(["rm", "--force", "--volumes", id]);
    },
  };
}

async function isHealthy(docker: Docker, container: Container): Promise<boolean> {
  const answer = await fetch(`${container.url}/_/health`).catch(() => undefined);
  if (answer?.ok) return true;
  if (await docker.inspect<boolean>(container.id, ".State.Running")) return false;
  throw new Error("it ended");
}
