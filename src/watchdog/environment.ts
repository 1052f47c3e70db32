import type { RequestHead } from "../http/request-head.ts";
import { POINTER_BYTES, VARIABLE_LIMIT_BYTES } from "./argument-limits.ts";
import { HEADER_PREFIX, HeaderVariables } from "./header-variables.ts";
import type { HeaderFault } from "./telemetry.ts";

export interface EnvironmentOptions {
  /** False: the request leaves no trace in the environment. */
  readonly cgiHeaders: boolean;
  /** With classic's variables for length and host; of-watchdog has what the client sent as headers, and no host. */
  readonly isClassic: boolean;
  /** How many bytes the kernel takes beside what is the same for every request. */
  readonly roomBytes: number;
  readonly onHeaderDropped: (reason: HeaderFault) => void;
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
  return (request) => {
    const own = ownVariables(request, options.isClassic);
    return own === undefined ? undefined : withHeaders(own, request.rawHeaders);
  };

  function withHeaders(own: string, rawHeaders: readonly string[]) {
    const turn = variables.begin();
    const environment = [own];
    let room = options.roomBytes - own.length - OWN_VARIABLES * POINTER_BYTES;
    // Of a crowd no more is made than there is room for.
    for (let index = 0; index < rawHeaders.length && room >= 0; index += 2) {
      const name = rawHeaders[index] as string;
      const value = rawHeaders[index + 1] as string;
      if (isTooLong(name, value)) return undefined;
      const { kind, prefix, hyphens, slot } = variables.of(name);
      if (kind === "skip") continue;
      if (kind !== "pass") {
        options.onHeaderDropped(kind);
        continue;
      }
      if (slot.turn !== turn) {
        slot.index = environment.length;
        room -= POINTER_BYTES;
      } else if (hyphens > slot.hyphens) {
        room += (environment[slot.index] as string).length;
      } else {
        continue;
      }
      const variable = `${prefix}${value}\0`;
      room -= variable.length;
      environment[slot.index] = variable;
      slot.turn = turn;
      slot.hyphens = hyphens;
    }
    return room < 0 ? undefined : environment.join("");
  }
}

/** Before anything is made of it. */
function isTooLong(name: string, value: string): boolean {
  return HEADER_PREFIX.length + name.length + 1 + value.length >= VARIABLE_LIMIT_BYTES;
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
