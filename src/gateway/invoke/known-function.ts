import { ANNOTATIONS } from "../../core/annotations.ts";
import { createSettingsReader } from "../../core/settings.ts";
import type { Endpoint, FunctionId, FunctionState } from "../../provider/provider.ts";
import { Deadlines } from "./deadlines.ts";
import { formatFunctionName } from "./function-name.ts";
import { readFunctionTimeout } from "./function-timeout.ts";
import type { LoadSink } from "./load-share.ts";
import { ReplicaSet } from "./replica-set.ts";
import type { FunctionCounters, InvocationTelemetry } from "./telemetry.ts";

/** For functions that say nothing of it. */
export interface DefaultTimeout {
  /** 0: no limit. */
  readonly ms: number;
  /** The variable that says so. */
  readonly variable: string;
}

/** A function that was asked for: what its provider says of it, and its replicas. */
export class KnownFunction {
  readonly id: FunctionId;
  /** `NAME.NAMESPACE`. */
  readonly label: string;
  readonly replicas = new ReplicaSet();
  readonly counters: FunctionCounters;
  readonly load: LoadSink;
  /** Nothing has changed since its provider was asked. */
  isFresh = false;
  state: FunctionState;
  /** `undefined`: it may take as long as it likes. */
  deadlines: Deadlines | undefined;
  /** Where that is said. */
  limitName = "";

  constructor(state: FunctionState, telemetry: InvocationTelemetry) {
    this.id = { name: state.name, namespace: state.namespace };
    this.label = formatFunctionName(this.id);
    this.state = state;
    this.counters = telemetry.of(this.id);
    this.load = telemetry.loadOf(this.id);
  }

  update(state: FunctionState, endpoints: readonly Endpoint[], timeout: DefaultTimeout): void {
    this.state = state;
    this.replicas.update(endpoints);
    const ownMs = readFunctionTimeout(createSettingsReader(state.annotations));
    this.limitName = ownMs === undefined ? timeout.variable : ANNOTATIONS.timeout;
    const limitMs = ownMs ?? timeout.ms;
    if (limitMs === (this.deadlines?.limitMs ?? 0)) return;
    this.deadlines = limitMs === 0 ? undefined : new Deadlines(limitMs);
  }
}
