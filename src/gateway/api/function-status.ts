import type { FunctionState, Usage } from "../../provider/provider.ts";
import type { FunctionStatus } from "./schema/function.ts";

/**
 * As clients read it. Some of them use labels and annotations without a look whether there are any, and compare the rest
 * with what they deployed: there, what is empty must not be there.
 */
export function toFunctionStatus(
  state: FunctionState,
  invocationCount: number,
  usage?: Usage,
): FunctionStatus {
  return {
    name: state.name,
    image: state.image,
    namespace: state.namespace,
    ...(state.process ? { envProcess: state.process } : {}),
    ...(isEmpty(state.environment) ? {} : { envVars: { ...state.environment } }),
    ...(state.constraints.length > 0 ? { constraints: [...state.constraints] } : {}),
    ...(state.secrets.length > 0 ? { secrets: [...state.secrets] } : {}),
    labels: { ...state.labels, faas_function: state.name },
    annotations: { ...state.annotations },
    ...(isEmpty(state.limits) ? {} : { limits: { ...state.limits } }),
    ...(isEmpty(state.requests) ? {} : { requests: { ...state.requests } }),
    ...(state.readOnlyRootFilesystem ? { readOnlyRootFilesystem: true } : {}),
    invocationCount,
    replicas: state.replicas,
    availableReplicas: state.availableReplicas,
    createdAt: state.createdAt.toISOString(),
    ...(usage === undefined ? {} : { usage: toUsage(usage) }),
  };
}

const isEmpty = (value: object | undefined) =>
  value === undefined || Object.keys(value).length === 0;

const toUsage = ({ cpu, totalMemoryBytes }: Usage) => ({ cpu, totalMemoryBytes });
