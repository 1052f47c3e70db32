import type { FunctionId, FunctionSpec, Provider } from "../../provider/provider.ts";
import type { FunctionIds } from "./function-ids.ts";
import type { AsyncReport } from "./schema/system.ts";

/** A program as `/system/info` names it: nothing of it is ever empty. */
export interface Version {
  readonly release: string;
  /** Of the commit that it was built from. */
  readonly sha: string;
  readonly commitMessage: string;
}

interface AlertAnswer {
  readonly status: number;
  readonly body: string;
}

/** What the rows of the table work with. */
export interface Surroundings {
  readonly provider: Provider;
  /** Where a function is that names no namespace. */
  readonly defaultNamespace: string;
  readonly version: Version;
  /** As `uname -m` says it. */
  readonly architecture: string;
  /** A line for each thing that keeps a function from being deployed like this. */
  readonly findProblems: (spec: FunctionSpec) => readonly string[];
  /**
   * Keeps for a function what no other may have, before it is deployed. Throws `ApiError` (409) where another has it. What it
   * returns gives it back: it was not deployed.
   */
  readonly reserveRoutes: (spec: FunctionSpec) => () => void;
  /** As the provider does it, in the turn of whoever else scales the function. */
  readonly scale: (id: FunctionId, replicas: number) => Promise<void>;
  /** How often a function was invoked. Asked for each function of a list. */
  readonly countInvocations: (id: FunctionId) => number;
  /** What Alertmanager sent, as it came. An empty body of the answer has no line. */
  readonly onAlert: (body: string, signal: AbortSignal) => Promise<AlertAnswer>;
  /** A queue worker of before 2021 has run an invocation. */
  readonly onAsyncReport: (id: FunctionId, report: AsyncReport) => void;
  /** It stops: newcomers are served for a while yet, and had better go elsewhere. */
  readonly isDraining: () => boolean;
  /** In Prometheus's text format. */
  readonly metrics: () => string;
}

export interface RowContext extends Surroundings {
  readonly ids: FunctionIds;
}
