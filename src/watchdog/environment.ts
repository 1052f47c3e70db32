import type { RequestHead } from "../http/request-head.ts";
import { POINTER_BYTES, VARIABLE_LIMIT_BYTES } from "./argument-limits.ts";
import { HeaderVariables } from "./header-variables.ts";

export interface EnvironmentOptions {
  /** False: the request leaves no trace in the environment. */
  readonly cgiHeaders: boolean;
  /** With classic's variables for length and host; of-watchdog has what the client sent as headers, and no host. */
  readonly isClassic: boolean;
  /** How many bytes the kernel takes beside what is the same for every request. */
  readonly roomBytes: number;
  readonly onHeaderDropped: (reason: "proxy" | "reserved") => void;
}

/** What of a request becomes variables. */
interface EnvironmentRequest {
  readonly method: string;
  readonly rawHeaders: readonly string[];
  readonly head: RequestHead;
}

/** Each `NAME=value` with a NUL behind it, one character a byte. `undefined`: more than the kernel takes. */
export type EnvironmentBuilder = (request: EnvironmentRequest) => string | undefined;

export function createEnvironmentBuilder(options: EnvironmentOptions): EnvironmentBuilder {
  if (!options.cgiHeaders) return () => "";
  const variables = new HeaderVariables(options.isClassic);
  let turn = 0;
  return (request) => {
    turn++;
    const own = ownVariables(request, options.isClassic);
    return own === undefined ? undefined : withHeaders(own, request.rawHeaders, turn);
  };

  function withHeaders(own: string, rawHeaders: readonly string[], turn: number) {
    let environment = own;
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const variable = variables.of(rawHeaders[index] as string);
      const { kind, prefix, slot } = variable;
      if (kind === "skip") continue;
      if (kind !== "pass") {
        options.onHeaderDropped(kind);
        continue;
      }
      const value = rawHeaders[index + 1] as string;
      if (prefix.length + value.length >= VARIABLE_LIMIT_BYTES) return undefined;
      if (slot.turn !== turn) environment += `${prefix}${value}\0`;
      else if (variable.hyphens <= (slot.owner?.hyphens ?? 0)) continue;
      else environment = replaceVariable(environment, prefix, value);
      slot.turn = turn;
      slot.owner = variable;
    }
    const pointers = POINTER_BYTES * (rawHeaders.length / 2 + OWN_VARIABLES);
    return environment.length + pointers > options.roomBytes ? undefined : environment;
  }
}

const OWN_VARIABLES = 7;

/** What is not a header. */
function ownVariables({ method, head }: EnvironmentRequest, isClassic: boolean) {
  const { decodedPath, query, host, bodyLength } = head;
  const longest = Math.max(decodedPath.length, query.length, host.length);
  if (longest + "Http_Query=".length >= VARIABLE_LIMIT_BYTES) return undefined;
  let environment = `Http_Method=${method}\0`;
  if (isClassic) {
    environment += `Http_ContentLength=${bodyLength}\0Http_Content_Length=${bodyLength}\0`;
    if (host !== "") environment += `Http_Host=${host}\0`;
  }
  if (bodyLength < 0) environment += "Http_Transfer_Encoding=chunked\0";
  if (query !== "") environment += `Http_Query=${query}\0`;
  if (decodedPath !== "") environment += `Http_Path=${decodedPath}\0`;
  return environment;
}

/** No variable is longer than its limit by then, and none holds a NUL. */
function replaceVariable(environment: string, prefix: string, value: string): string {
  // Behind a NUL always: a header's variable is never the first.
  const start = environment.indexOf(`\0${prefix}`) + 1 + prefix.length;
  return environment.slice(0, start) + value + environment.slice(environment.indexOf("\0", start));
}
