import { FunctionIds } from "./function-ids.ts";
import type { Route } from "./route.ts";
import { functionRoutes } from "./routes/functions.ts";
import { logRoutes } from "./routes/logs.ts";
import { namespaceRoutes } from "./routes/namespaces.ts";
import { scaleRoutes } from "./routes/scale.ts";
import { secretRoutes } from "./routes/secrets.ts";
import { systemRoutes } from "./routes/system.ts";
import type { Surroundings } from "./surroundings.ts";

/** The table: all that the gateway answers itself. What is not in it is not there, and who may is in each row. */
export function createRoutes(surroundings: Surroundings): readonly Route[] {
  const { provider, defaultNamespace } = surroundings;
  const context = { ...surroundings, ids: new FunctionIds(provider, defaultNamespace) };
  return [
    ...functionRoutes(context),
    ...scaleRoutes(context),
    ...secretRoutes(context),
    ...namespaceRoutes(context),
    ...logRoutes(context),
    ...systemRoutes(context),
  ];
}
