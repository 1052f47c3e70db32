import { fixture } from "./fixture.ts";
import { RawClient } from "./raw-http.ts";
import { createDataFolder, RunningGateway } from "./run-gateway.ts";
import { until } from "./until.ts";

export interface WebFunction {
  readonly gateway: RunningGateway;
  readonly port: number;
  /** As `fetch`, of a path of the function's. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** How many streams of the function's somebody listens to, once it is so many. */
  untilOpen(count: number): Promise<void>;
  connect(): Promise<RawClient>;
}

/** A gateway of its own with the function `web`, which is `serves-clients.ts`, and `cat`; both answer. */
export async function startWebFunction(
  variables: Readonly<Record<string, string>> = {},
): Promise<WebFunction> {
  const gateway = await RunningGateway.start(createDataFolder(), variables);
  const program = `${process.execPath} ${fixture("serves-clients.ts")}`;
  await gateway.deploy("web", program, { envVars: { mode: "http" } });
  await gateway.deploy("cat", "cat");
  const ask = (path: string, init?: RequestInit) => gateway.ask(`/function/web${path}`, init);
  for (const name of ["web/open", "cat"]) await (await gateway.ask(`/function/${name}`)).text();
  const port = Number(new URL(gateway.url).port);
  return {
    gateway,
    port,
    ask,
    untilOpen: (count) =>
      until(`${count} streams`, async () => (await (await ask("/open")).text()) === `${count}`),
    connect: () => RawClient.connect(port),
  };
}
