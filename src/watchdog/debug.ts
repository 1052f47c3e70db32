import type { WatchdogConfig } from "../config/watchdog.ts";
import type { Chunks } from "../core/chunks.ts";
import type { Exchange } from "../http/exchange.ts";
import { canonicalHeaderName } from "../http/headers.ts";
import type { RequestHead } from "../http/request-head.ts";
import type { Telemetry } from "./telemetry.ts";

/** What `write_debug` and `debug_headers` of the classic watchdog show: answers and headers on stdout, the rest in the log. */
export interface Debug {
  onRequest(exchange: Exchange, head: RequestHead): void;
  onBodyFailed(reason: string, bytes: number): void;
  onSuccess(headers: readonly string[], output: Chunks): void;
  onFailure(reason: string, output: Chunks): void;
}

type DebugConfig = Pick<WatchdogConfig, "writeDebug" | "debugHeaders">;

/** `undefined`: neither is asked for. */
export function createDebug(
  config: DebugConfig,
  telemetry: Telemetry,
  show: (bytes: string | Uint8Array) => void,
): Debug | undefined {
  const { writeDebug, debugHeaders } = config;
  if (!writeDebug && !debugHeaders) return undefined;
  const log = (line: string) => {
    if (writeDebug) telemetry.info(line);
  };
  const showHeaders = (direction: string, headers: readonly string[]) => {
    if (debugHeaders) show(formatHeaders(direction, headers));
  };
  return {
    onRequest({ request }, { decodedPath, query }) {
      showHeaders("in", request.rawHeaders);
      log(`Query  ${query}`);
      log(`Path  ${Buffer.from(decodedPath, "latin1").toString()}`);
    },
    onBodyFailed: (reason, bytes) => log(`Error=${reason}, ReadLen=${bytes}`),
    onSuccess(headers, output) {
      if (writeDebug) output.toArray().forEach(show);
      showHeaders("out", headers);
    },
    onFailure(reason, output) {
      log(`Success=false, Error=${reason}`);
      log(`Out=${Buffer.concat(output.toArray()).toString()}`);
    },
  };
}

function formatHeaders(direction: string, headers: readonly string[]): string {
  const values = new Map<string, string[]>();
  for (let index = 0; index < headers.length; index += 2) {
    const name = canonicalHeaderName(headers[index] as string);
    // No header to Go.
    if (name === "Host") continue;
    values.set(name, [...(values.get(name) ?? []), headers[index + 1] as string]);
  }
  return [...values].map(([name, all]) => `[${direction}] ${name}=[${all.join(" ")}]\n`).join("");
}
