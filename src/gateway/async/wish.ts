import type { IncomingHttpHeaders } from "node:http";
import type { AddressMatcher } from "../../core/networks.ts";
import type { FunctionState } from "../../provider/provider.ts";
import type { Failure } from "../invoke/failure.ts";
import { CallbackRefused, parseCallbackUrl } from "../queue/callbacks/callback-url.ts";
import { DELAY_HEADER, readDelay } from "./delay.ts";
import { refusal } from "./refusal.ts";

/** What somebody wants to be queued, but for the request itself. */
export interface Wish {
  readonly state: FunctionState;
  readonly callbackUrl: string | undefined;
  readonly delayMs: number;
}

/** What a submission's headers say of it, or why it is refused. */
export function readWish(
  headers: IncomingHttpHeaders,
  state: FunctionState,
  isAllowed: AddressMatcher,
): Wish | Failure {
  const delayMs = readDelay(headers[DELAY_HEADER]);
  if (typeof delayMs === "string") return refusal(400, delayMs);
  const said = headers["x-callback-url"];
  if (said === undefined || said === "") return { state, callbackUrl: undefined, delayMs };
  try {
    return { state, callbackUrl: parseCallbackUrl(String(said), isAllowed), delayMs };
  } catch (error) {
    if (error instanceof CallbackRefused) return refusal(400, error.message);
    throw error;
  }
}
