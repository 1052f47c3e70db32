import { createSettingsReader } from "../../core/settings.ts";
import type { FunctionId, FunctionState } from "../../provider/provider.ts";
import { formatFunctionName } from "../invoke/function-name.ts";
import { type AsyncPolicy, DEFAULT_ASYNC_POLICY } from "../queue/start-async.ts";
import { readAsyncPolicy } from "./policy.ts";

/** Each function's policy, read when the function has changed, for those who ask before each try. */
export class AsyncPolicies {
  readonly #policies = new Map<string, AsyncPolicy>();

  see(state: FunctionState): void {
    const policy = readAsyncPolicy(createSettingsReader(state.annotations));
    this.#policies.set(formatFunctionName(state), policy);
  }

  forget(id: FunctionId): void {
    this.#policies.delete(formatFunctionName(id));
  }

  /** Of one that is not there, the default: what was queued for it may run when it comes back. */
  of(id: FunctionId): AsyncPolicy {
    return this.#policies.get(formatFunctionName(id)) ?? DEFAULT_ASYNC_POLICY;
  }
}
