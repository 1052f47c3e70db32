import { type FunctionSpec, ProviderError } from "../provider.ts";

/** Of one function. Each is a process of this machine: one digit too many must not be the last thing that it is told. */
const MOST_REPLICAS = 256;

/** Throws `invalid`. */
export function checkReplicaCount(count: number): void {
  if (Number.isSafeInteger(count) && count >= 0 && count <= MOST_REPLICAS) return;
  const message = `${count} replicas: expected a whole number from 0 to ${MOST_REPLICAS}`;
  throw new ProviderError("invalid", message);
}

/** How many replicas a function begins with. */
export function toFirstCount({ labels }: FunctionSpec): number {
  const minimum = Number(labels["com.openfaas.scale.min"] ?? 1);
  return Number.isSafeInteger(minimum) && minimum >= 0 ? minimum : 1;
}
