import type { GatewayConfig } from "../config/gateway/config.ts";
import type { FunctionId, FunctionSpec, FunctionState } from "../provider/provider.ts";
import { AsyncPolicies } from "./async/policies.ts";
import { CustomRoutes } from "./custom-routes.ts";
import { findFunctionProblems, ProblemWatch } from "./function-problems.ts";
import { formatFunctionName } from "./invoke/function-name.ts";
import { Routes } from "./invoke/routes.ts";
import type { GatewayLog } from "./log.ts";

/** What functions say by annotation, as far as it is not about who may invoke them. */
export interface FunctionSettings {
  readonly policies: AsyncPolicies;
  readonly routes: Routes;
  /** A line for each annotation that cannot be used. */
  findProblems(spec: FunctionSpec): readonly string[];
  /** See `CustomRoutes.reserve`. */
  reserveRoutes(spec: FunctionSpec): () => void;
  /** A function is there, or is not as it was. */
  see(state: FunctionState): void;
  forget(id: FunctionId): void;
}

export function createFunctionSettings(
  { access, functionDomain }: Pick<GatewayConfig, "access" | "functionDomain">,
  log: Pick<GatewayLog, "warn">,
): FunctionSettings {
  const warn = (id: FunctionId, problems: readonly string[]) =>
    log.warn("annotations that cannot be used", { function: formatFunctionName(id), problems });
  const ownHosts = { names: access.hosts, functionDomain };
  const routes = new Routes(functionDomain === undefined ? [] : [functionDomain]);
  const policies = new AsyncPolicies();
  const onTaken = (id: FunctionId, problem: string) => warn(id, [problem]);
  const customRoutes = new CustomRoutes({ routes, ownHosts, onTaken });
  const all = [policies, customRoutes, new ProblemWatch(ownHosts, warn)];
  return {
    policies,
    routes,
    findProblems: ({ annotations }) => findFunctionProblems(annotations, ownHosts),
    reserveRoutes: (spec) => customRoutes.reserve(spec),
    see(state) {
      for (const one of all) one.see(state);
    },
    forget(id) {
      for (const one of all) one.forget(id);
    },
  };
}
