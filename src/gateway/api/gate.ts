import type { IncomingMessage } from "node:http";
import type { Scope } from "./route.ts";

/** Whether whoever sends a request may do what its row asks for. `undefined`: it may. */
export type Gate = (
  request: IncomingMessage,
  /** `undefined`: there is no row, and who is known may hear that. */
  scope: Scope | undefined,
) => Denial | undefined | Promise<Denial | undefined>;

/** The answer to a request that is not let in. */
export interface Denial {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
