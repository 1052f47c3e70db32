import type { Annotations } from "../core/annotations.ts";
import { createSettingsReader } from "../core/settings.ts";
import type { FunctionId, FunctionState } from "../provider/provider.ts";
import { readAsyncPolicy } from "./async/policy.ts";
import { parseFunctionRules } from "./auth/function-rules.ts";
import { type OwnHosts, readCustomRoutes } from "./invoke/custom-routes.ts";
import { formatFunctionName } from "./invoke/function-name.ts";
import { readFunctionTimeout } from "./invoke/function-timeout.ts";

/** A line for each annotation that cannot be used: whoever deploys is told, instead of wondering later. */
export function findFunctionProblems(annotations: Annotations, own: OwnHosts): readonly string[] {
  const rules = parseFunctionRules(annotations);
  const reader = createSettingsReader(annotations);
  readFunctionTimeout(reader);
  readAsyncPolicy(reader);
  readCustomRoutes(reader, own);
  return [...("problems" in rules ? rules.problems : []), ...reader.problems];
}

/** Tells of functions that are there with what could not be deployed today, each problem once. */
export class ProblemWatch {
  readonly #ownHosts: OwnHosts;
  readonly #onProblems: (id: FunctionId, problems: readonly string[]) => void;
  readonly #told = new Map<string, string>();

  constructor(
    ownHosts: OwnHosts,
    onProblems: (id: FunctionId, problems: readonly string[]) => void,
  ) {
    this.#ownHosts = ownHosts;
    this.#onProblems = onProblems;
  }

  see(state: FunctionState): void {
    const name = formatFunctionName(state);
    const problems = findFunctionProblems(state.annotations, this.#ownHosts);
    const text = problems.join("\n");
    if (text === (this.#told.get(name) ?? "")) return;
    this.#told.set(name, text);
    if (problems.length > 0) this.#onProblems(state, problems);
  }

  forget(id: FunctionId): void {
    this.#told.delete(formatFunctionName(id));
  }
}
