import { ANNOTATIONS, type Annotations, NOTES } from "../core/annotations.ts";
import { createSettingsReader, describeProblem } from "../core/settings.ts";
import type { FunctionId, FunctionState } from "../provider/provider.ts";
import { readAsyncPolicy } from "./async/policy.ts";
import { parseFunctionRules } from "./auth/function-rules.ts";
import { formatFunctionName } from "./invoke/function-name.ts";
import { readFunctionTimeout } from "./invoke/function-timeout.ts";
import { type OwnHosts, readWantedRoutes } from "./invoke/wanted-routes.ts";

/** A line for each annotation that cannot be used: whoever deploys is told, instead of wondering later. */
export function findFunctionProblems(annotations: Annotations, own: OwnHosts): readonly string[] {
  const rules = parseFunctionRules(annotations);
  const reader = createSettingsReader(annotations);
  readFunctionTimeout(reader);
  readAsyncPolicy(reader);
  readWantedRoutes(reader, own);
  return [
    ...("problems" in rules ? rules.problems : []),
    ...reader.problems,
    ...findUnknown(annotations),
  ];
}

const OURS = "breeze.";
const KNOWN = Object.values(ANNOTATIONS).filter((name) => name.startsWith(OURS));
/** What a provider has noted may come back with the rest. */
const NOTED: ReadonlySet<string> = new Set(Object.values(NOTES));

/** Who writes `breeze.auht` believes that the function is closed. */
function findUnknown(annotations: Annotations): string[] {
  return Object.entries(annotations)
    .filter(([name]) => name.startsWith(OURS) && !NOTED.has(name))
    .filter(([name]) => !KNOWN.some((known) => known === name))
    .map(([name, value]) => describeProblem(name, value, `one of ${KNOWN.join(", ")}`));
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
