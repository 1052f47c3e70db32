import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { readVersion } from "../config/version.ts";
import { isAlwaysHopByHop } from "../http/proxy/hop-by-hop.ts";
import type { RequestHead } from "../http/request-head.ts";
import { POINTER_BYTES, VARIABLE_LIMIT_BYTES } from "./argument-limits.ts";
import type { EnvironmentOptions } from "./environment.ts";
import type { HeaderFault } from "./telemetry.ts";

export interface CgiRequest {
  readonly method: string;
  readonly rawHeaders: readonly string[];
  readonly head: RequestHead;
  readonly request: Pick<IncomingMessage, "httpVersion" | "headers"> & {
    readonly socket: Pick<Socket, "localAddress" | "localPort" | "remoteAddress" | "remotePort">;
  };
}

/** Each `NAME=value` with a NUL behind it, one character a byte. `undefined`: more than the kernel takes. */
export type CgiEnvironmentBuilder = (request: CgiRequest) => string | undefined;

/**
 * The meta-variables of RFC 3875, 4.1, and those that every server adds: REQUEST_URI, REMOTE_PORT. CONTENT_LENGTH is not
 * among them where nobody knows it yet (chunked), and HTTPS never: who terminates TLS in front says so in a header that
 * anybody can send.
 */
export function createCgiEnvironmentBuilder({
  roomBytes,
  onHeaderDropped,
}: Pick<EnvironmentOptions, "roomBytes" | "onHeaderDropped">): CgiEnvironmentBuilder {
  const software = `breeze/${readVersion().version}`;
  return (request) => {
    const variables = ofHeaders(request, onHeaderDropped);
    addOwn(variables, request);
    let text = `GATEWAY_INTERFACE=CGI/1.1\0SCRIPT_NAME=\0SERVER_SOFTWARE=${software}\0`;
    for (const [name, value] of variables) {
      if (name.length + 1 + value.length >= VARIABLE_LIMIT_BYTES) return undefined;
      text += `${name}=${value}\0`;
    }
    const pointers = POINTER_BYTES * (variables.size + FIXED_VARIABLES);
    return text.length + pointers > roomBytes ? undefined : text;
  };
}

/** With CONTENT_LENGTH, where it is known only later. */
const FIXED_VARIABLES = 4;

type Variables = Map<string, string>;

/** What is not a header, or has a name of its own. */
function addOwn(variables: Variables, { method, head, request }: CgiRequest): void {
  const { socket, headers, httpVersion } = request;
  const { path, decodedPath, query, host } = head;
  const [, name, port] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  const remote = withoutMapping(socket.remoteAddress);
  variables.set("REQUEST_METHOD", method);
  variables.set("SERVER_PROTOCOL", `HTTP/${httpVersion}`);
  variables.set("SERVER_NAME", name || withoutMapping(socket.localAddress));
  variables.set("SERVER_PORT", port ?? String(socket.localPort));
  variables.set("PATH_INFO", decodedPath);
  variables.set("QUERY_STRING", query);
  variables.set("REQUEST_URI", query === "" ? path : `${path}?${query}`);
  variables.set("REMOTE_ADDR", remote);
  variables.set("REMOTE_HOST", remote);
  variables.set("REMOTE_PORT", String(socket.remotePort));
  if (host !== "") variables.set("HTTP_HOST", host);
  const { "content-length": length, "content-type": type } = headers;
  if (length !== undefined) variables.set("CONTENT_LENGTH", String(Number(length)));
  if (type !== undefined) variables.set("CONTENT_TYPE", type);
}

/** Where one socket serves both families, an address of the older one is written inside one of the newer. */
const withoutMapping = (address = ""): string => address.replace(/^::ffff:(?=\d+\.)/, "");

/** Of a name that comes again the values are one list, as RFC 9110, 5.3 has it; but nobody has two Authorizations. */
function ofHeaders(
  { rawHeaders }: CgiRequest,
  onHeaderDropped: EnvironmentOptions["onHeaderDropped"],
): Variables {
  const variables: Variables = new Map();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase();
    const value = rawHeaders[index + 1] as string;
    if (OTHERWISE_KNOWN.has(name) || isAlwaysHopByHop(name)) continue;
    const fault = faultOf(name);
    if (fault !== undefined) {
      onHeaderDropped(fault);
      continue;
    }
    const variable = `HTTP_${name.toUpperCase().replaceAll("-", "_")}`;
    const before = variables.get(variable);
    if (before === undefined) variables.set(variable, value);
    else if (name !== "authorization")
      variables.set(variable, `${before}${name === "cookie" ? "; " : ", "}${value}`);
  }
  return variables;
}

const OTHERWISE_KNOWN = new Set(["host", "content-length", "content-type"]);

function faultOf(name: string): HeaderFault | undefined {
  if (name === "proxy") return "proxy";
  return /^[a-z\d-]+$/.test(name) ? undefined : "ambiguous";
}
