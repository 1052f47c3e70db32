import { ANNOTATIONS } from "../../core/annotations.ts";
import type { FunctionSpec } from "../../provider/provider.ts";

/** Who does not try one of them again need not have it in memory. */
const SLEEPS = { "com.openfaas.scale.zero": "true" };

export interface Sample {
  readonly name: string;
  readonly description: string;
  readonly image: string;
  readonly process: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

export function toSampleSpec(sample: Sample, namespace: string): FunctionSpec {
  const { name, description, image, process, environment = {}, labels = {} } = sample;
  return {
    name,
    namespace,
    image,
    process,
    environment,
    labels: { ...SLEEPS, ...labels },
    annotations: { [ANNOTATIONS.sample]: "true", [ANNOTATIONS.description]: description },
    constraints: [],
    secrets: [],
    limits: undefined,
    requests: undefined,
    readOnlyRootFilesystem: false,
  };
}

/** A user's function of the same name is none: it is never touched. */
export const isSample = ({ annotations }: FunctionSpec): boolean =>
  annotations[ANNOTATIONS.sample] === "true";
