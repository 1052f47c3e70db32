import { isDeepStrictEqual } from "node:util";
import { type FunctionSpec, isNotFound, type Provider } from "../../provider/provider.ts";
import { isSample, type Sample, toSampleSpec } from "./sample.ts";

export interface DeploySamplesOptions {
  readonly provider: Pick<Provider, "describe" | "deploy" | "update">;
  readonly namespace: string;
  readonly samples: readonly Sample[];
  /** One sample could not be deployed; the others are. */
  readonly onFailed: (name: string, error: Error) => void;
}

/** Deploys those that are not there, and brings those up to date that an earlier start has deployed. Gives those that are there now. */
export async function deploySamples(options: DeploySamplesOptions): Promise<readonly Sample[]> {
  const there: Sample[] = [];
  for (const sample of options.samples) {
    try {
      const spec = toSampleSpec(sample, options.namespace);
      if (await deploySample(options.provider, spec)) there.push(sample);
    } catch (error) {
      options.onFailed(sample.name, error as Error);
    }
  }
  return there;
}

/** False: a user's function has this name. */
async function deploySample(
  provider: DeploySamplesOptions["provider"],
  spec: FunctionSpec,
): Promise<boolean> {
  const found = await provider.describe(spec).catch(ignoreMissing);
  if (found === undefined) {
    await provider.deploy(spec);
    return true;
  }
  if (!isSample(found)) return false;
  // A provider has more to say of a function than what it was told.
  const wanted = { ...found, ...spec, annotations: { ...found.annotations, ...spec.annotations } };
  if (!isDeepStrictEqual(wanted, found)) await provider.update(spec);
  return true;
}

function ignoreMissing(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}
