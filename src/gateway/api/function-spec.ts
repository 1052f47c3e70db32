import type { FunctionId, FunctionSpec, Resources } from "../../provider/provider.ts";
import { ApiError } from "./api-error.ts";
import type { FunctionDeployment } from "./schema/function.ts";

/** What was asked for, with empty lists and records where nothing was said. */
export function toFunctionSpec(id: FunctionId, asked: FunctionDeployment): FunctionSpec {
  checkRegistryAuth(asked.registryAuth);
  return {
    ...id,
    image: asked.image,
    process: asked.envProcess || undefined,
    environment: asked.envVars ?? {},
    constraints: asked.constraints ?? [],
    secrets: asked.secrets ?? [],
    labels: asked.labels ?? {},
    annotations: asked.annotations ?? {},
    limits: toResources(asked.limits),
    requests: toResources(asked.requests),
    readOnlyRootFilesystem: asked.readOnlyRootFilesystem ?? false,
  };
}

/** A Go client sends an empty one where nothing was said. */
function toResources(asked: FunctionDeployment["limits"]): Resources | undefined {
  const { memory, cpu } = asked ?? {};
  if (!memory && !cpu) return undefined;
  return { ...(memory ? { memory } : {}), ...(cpu ? { cpu } : {}) };
}

function checkRegistryAuth(registryAuth: string | null | undefined): void {
  if (!registryAuth) return;
  const decoded = Buffer.from(registryAuth, "base64").toString();
  if (!decoded.includes(":")) throw new ApiError(400, "Invalid registry auth");
}
