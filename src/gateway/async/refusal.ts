import { STATUS_CODES } from "node:http";
import type { Failure } from "../invoke/failure.ts";

/** An invocation that is not queued. */
export function refusal(status: number, reason: string, headers: readonly string[] = []): Failure {
  const type = ["Content-Type", "text/plain; charset=utf-8"];
  return { status, headers: [...type, ...headers], body: `${STATUS_CODES[status]}: ${reason}\n` };
}
