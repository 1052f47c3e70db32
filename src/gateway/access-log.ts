import type { IncomingMessage } from "node:http";
import type { LogConfig } from "../config/gateway/config.ts";
import type { Exchange } from "../http/exchange.ts";
import type { EndedInvocation } from "./invoke/telemetry.ts";
import type { AccessRecord } from "./log.ts";

export interface AccessLogOptions extends Pick<LogConfig, "access" | "writesQuery"> {
  readonly write: (record: AccessRecord) => void;
  /** The address of whoever asks, behind the proxies that are trusted. */
  readonly addressOf: (request: IncomingMessage) => string;
}

/** Which requests have a line in the log, and what is in it. */
export interface AccessLog {
  /** `name`: of the function, as it is in metrics; `undefined`: there is no such function. */
  invocationEnded(name: string | undefined, status: number, invocation: EndedInvocation): void;
  requestEnded(status: number, exchange: Exchange): void;
}

export function createAccessLog(options: AccessLogOptions): AccessLog {
  const { access, write } = options;
  return {
    invocationEnded(name, status, { exchange, callId, failure }) {
      const isNotable = status >= 500 || failure !== undefined;
      if (access === "none" || (access === "notable" && !isNotable)) return;
      const what = { message: "invocation", function: name, callId, reason: failure } as const;
      write({ ...what, ...describe(exchange, status, options) });
    },
    requestEnded(status, exchange) {
      if (access === "none" || !isWanted(exchange, status, access)) return;
      write({ message: "request", ...describe(exchange, status, options) });
    },
  };
}

function describe(exchange: Exchange, status: number, options: AccessLogOptions) {
  const { request, head, seconds, bytesAnswered } = exchange;
  const isWithQuery = options.writesQuery && head.query !== "";
  return {
    method: request.method as string,
    path: isWithQuery ? `${head.path}?${head.query}` : head.path,
    status,
    seconds,
    bytes: bytesAnswered,
    client: options.addressOf(request),
  };
}

const READING: ReadonlySet<string | undefined> = new Set(["GET", "HEAD", "OPTIONS"]);
/** Asked every few seconds, for as long as the gateway runs. */
const WATCHED: ReadonlySet<string> = new Set(["/healthz", "/metrics"]);
const REFUSED: ReadonlySet<number> = new Set([401, 403, 429]);

function isWanted({ request, head }: Exchange, status: number, access: "all" | "notable"): boolean {
  if (status >= 500 || REFUSED.has(status)) return true;
  if (access === "all") return status >= 400 || !WATCHED.has(head.path);
  return !READING.has(request.method) && head.path.startsWith("/system/");
}
