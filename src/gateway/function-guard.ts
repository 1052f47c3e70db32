import type { Exchange } from "../http/exchange.ts";
import type { FunctionState } from "../provider/provider.ts";
import type { CallerResolver } from "./auth/caller.ts";
import type { Denial } from "./auth/denial.ts";
import { FunctionGate, type FunctionGateOptions } from "./auth/function-gate.ts";
import { parseFunctionRules } from "./auth/function-rules.ts";
import type { Guard } from "./invoke/context.ts";
import type { Failure } from "./invoke/failure.ts";
import { formatFunctionName } from "./invoke/function-name.ts";

export interface FunctionGuardOptions extends Pick<FunctionGateOptions, "tokens" | "keys"> {
  readonly caller: CallerResolver;
  /** Whether a request is one that the gateway makes itself, of an invocation that was let in when it was queued. */
  readonly isDelivery: (exchange: Exchange) => boolean;
  /** The header that says so, in small letters. */
  readonly deliveryHeader: string;
}

interface Kept {
  readonly annotations: string;
  /** `undefined`: they cannot be used, and nobody is let in. */
  readonly gate: FunctionGate | undefined;
}

/** Has each function's own rules decide who may invoke it, as its annotations say them. */
export class FunctionGuard implements Guard {
  readonly #options: FunctionGuardOptions;
  /** Where nothing has changed, nothing is compared. */
  readonly #byState = new WeakMap<FunctionState, Kept>();
  /** By name: whoever is limited stays so when something else of the function changes. */
  readonly #byName = new Map<string, Kept>();

  constructor(options: FunctionGuardOptions) {
    this.#options = options;
  }

  admit(
    exchange: Exchange,
    state: FunctionState,
  ): Failure | undefined | Promise<Failure | undefined> {
    if (this.isDelivery(exchange)) return undefined;
    const { gate } = this.#keep(state);
    if (gate === undefined) return UNUSABLE;
    const { request } = exchange;
    const denial = gate.admit(request, this.#options.caller.addressOf(request));
    return denial instanceof Promise ? denial.then(toFailure) : toFailure(denial);
  }

  credentialHeaders(exchange: Exchange, state: FunctionState): readonly string[] {
    if (this.isDelivery(exchange)) return [this.#options.deliveryHeader];
    return this.#keep(state).gate?.credentialHeaders(exchange.request) ?? [];
  }

  isDelivery(exchange: Exchange): boolean {
    return this.#options.isDelivery(exchange);
  }

  /** The function is not there any more. */
  forget(name: string): void {
    this.#byName.delete(name);
  }

  #keep(state: FunctionState): Kept {
    const found = this.#byState.get(state);
    if (found !== undefined) return found;
    const name = formatFunctionName(state);
    const annotations = JSON.stringify(state.annotations);
    const before = this.#byName.get(name);
    const kept = before?.annotations === annotations ? before : this.#create(state, annotations);
    this.#byName.set(name, kept);
    this.#byState.set(state, kept);
    return kept;
  }

  #create(state: FunctionState, annotations: string): Kept {
    const rules = parseFunctionRules(state.annotations);
    if ("problems" in rules) return { annotations, gate: undefined };
    const reference = formatFunctionName(state);
    return { annotations, gate: new FunctionGate({ ...this.#options, reference, rules }) };
  }
}

/** Who deployed it wanted it closed in some way: that nobody knows in which is no reason to open it. */
const UNUSABLE: Failure = {
  status: 403,
  headers: ["Content-Type", "text/plain; charset=utf-8"],
  body: "Forbidden: this function's rules (annotations breeze.*) cannot be used\n",
};

function toFailure(denial: Denial | undefined): Failure | undefined {
  if (denial === undefined) return undefined;
  const { status, headers, body, reason } = denial;
  return { status, headers: Object.entries(headers).flat(), body, reason };
}
