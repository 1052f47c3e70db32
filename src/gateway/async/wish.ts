import type { IncomingHttpHeaders } from "node:http";
import type { FunctionState } from "../../provider/provider.ts";
import type { Failure } from "../invoke/failure.ts";
import type { AllowList } from "../queue/callbacks/allow-list.ts";
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
  allowed: AllowList,
): Wish | Failure {
  const delayMs = readDelay(headers[DELAY_HEADER]);
  if (typeof delayMs === "string") return refusal(400, delayMs);
  const said = headers["x-callback-url"];
  if (said === undefined || said === "") return { state, callbackUrl: undefined, delayMs };
  try {
    return { state, callbackUrl: parseCallbackUrl(String(said), allowed), delayMs };
  } catch (error) {
    if (error instanceof CallbackRefused) return refusal(400, error.message);
    throw error;
  }
}
