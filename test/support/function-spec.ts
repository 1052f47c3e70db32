import type { FunctionSpec } from "../../src/provider/provider.ts";

/** A function that says nothing of itself but what is given. */
export function specOf(name: string, given: Partial<FunctionSpec> = {}): FunctionSpec {
  return {
    name,
    namespace: "openfaas-fn",
    image: "functions/alpine:latest",
    process: "cat",
    environment: {},
    constraints: [],
    secrets: [],
    labels: {},
    annotations: {},
    limits: undefined,
    requests: undefined,
    readOnlyRootFilesystem: false,
    ...given,
  };
}
