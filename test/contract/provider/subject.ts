import type {
  Endpoint,
  FunctionId,
  FunctionSpec,
  Provider,
} from "../../../src/provider/provider.ts";
import { specOf } from "../../support/function-spec.ts";
import { until } from "../../support/until.ts";

/** One provider, as the contract suite tries it. */
export interface ProviderSubject {
  readonly name: string;
  /** With nothing in it, gone with the test. */
  create(): Promise<Provider>;
  readonly defaultNamespace: string;
  /** Of functions that have `sh`, `cat` and the like. */
  readonly image: string;
}

export const functionId = (subject: ProviderSubject, name: string): FunctionId => ({
  name,
  namespace: subject.defaultNamespace,
});

/** A function that gives back what it gets, or what `changes` make of it. */
export const functionSpec = (
  subject: ProviderSubject,
  changes: Partial<FunctionSpec> = {},
): FunctionSpec =>
  specOf("echo", { namespace: subject.defaultNamespace, image: subject.image, ...changes });

/** A function that is a line of shell. */
export const shellFunction = (script: string): Pick<FunctionSpec, "process" | "environment"> => ({
  process: `sh -c '${script}'`,
  environment: { fprocess_shell_words: "true" },
});

export async function ask({ host, port }: Endpoint, body = ""): Promise<string> {
  const answer = await fetch(`http://${host}:${port}/`, {
    method: "POST",
    body,
    headers: { Connection: "close" },
  });
  return await answer.text();
}

const START_LIMIT_MS = 40_000;

/** Once exactly so many replicas answer. */
export async function endpointsOf(
  provider: Provider,
  id: FunctionId,
  count = 1,
): Promise<Endpoint[]> {
  let endpoints: Endpoint[] = [];
  await until(
    `${count} replicas of ${id.name} answer`,
    async () => {
      endpoints = await provider.endpoints(id);
      return endpoints.length === count;
    },
    START_LIMIT_MS,
  );
  return endpoints;
}

/** The only one. */
export async function endpointOf(provider: Provider, id: FunctionId): Promise<Endpoint> {
  const [endpoint] = await endpointsOf(provider, id);
  return endpoint as Endpoint;
}

export async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}
