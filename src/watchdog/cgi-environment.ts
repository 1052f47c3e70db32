import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { readVersion } from "../config/version.ts";
import { withoutMapping } from "../http/address.ts";
import { isAlwaysHopByHop } from "../http/proxy/hop-by-hop.ts";
import type { RequestHead } from "../http/request-head.ts";
import { POINTER_BYTES, VARIABLE_LIMIT_BYTES } from "./argument-limits.ts";
import type { EnvironmentOptions } from "./environment.ts";
import type { HeaderFault } from "./telemetry.ts";

interface CgiRequest {
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
  const fixed = `GATEWAY_INTERFACE=CGI/1.1\0SCRIPT_NAME=\0SERVER_SOFTWARE=breeze/${readVersion().version}\0`;
  return (request) => {
    const variables = ofHeaders(request.rawHeaders, onHeaderDropped);
    const own = isTooLong(request) ? undefined : ownVariables(request);
    if (variables === undefined || own === undefined) return undefined;
    const text = variables.length === 0 ? fixed + own : `${fixed}${own}${variables.join("\0")}\0`;
    const pointers = POINTER_BYTES * (variables.length + OWN_VARIABLES);
    return text.length + pointers > roomBytes ? undefined : text;
  };
}

/** With CONTENT_LENGTH, where it is known only later. */
const OWN_VARIABLES = 17;

/** The longest name there is in front, with room for a path and a query in one. */
function isTooLong({ head, request }: CgiRequest): boolean {
  const type = request.headers["content-type"] ?? "";
  const longest = Math.max(head.path.length + head.query.length, head.host.length, type.length);
  return longest + "REQUEST_METHOD=?".length >= VARIABLE_LIMIT_BYTES;
}

/** What is not a header, or has a name of its own. */
function ownVariables({ method, head, request }: CgiRequest): string {
  const { socket, headers, httpVersion } = request;
  const { path, decodedPath, query, host } = head;
  const { name, port } = splitHost(host);
  const remote = withoutMapping(socket.remoteAddress);
  const target = query === "" ? path : `${path}?${query}`;
  let text =
    `REQUEST_METHOD=${method}\0SERVER_PROTOCOL=HTTP/${httpVersion}\0` +
    `SERVER_NAME=${name || withoutMapping(socket.localAddress)}\0SERVER_PORT=${port || socket.localPort}\0` +
    `PATH_INFO=${decodedPath}\0QUERY_STRING=${query}\0REQUEST_URI=${target}\0` +
    `REMOTE_ADDR=${remote}\0REMOTE_HOST=${remote}\0REMOTE_PORT=${socket.remotePort}\0`;
  if (host !== "") text += `HTTP_HOST=${host}\0`;
  const { "content-length": length, "content-type": type } = headers;
  if (length !== undefined) text += `CONTENT_LENGTH=${Number(length)}\0`;
  if (type !== undefined) text += `CONTENT_TYPE=${type}\0`;
  return text;
}

/** An IPv6 address keeps its brackets, as RFC 3875, 4.1.14 has it. */
function splitHost(host: string): { readonly name: string; readonly port: string } {
  const colon = host.lastIndexOf(":");
  const port = host.slice(colon + 1);
  return colon < 0 || !/^\d*$/.test(port)
    ? { name: host, port: "" }
    : { name: host.slice(0, colon), port };
}

/**
 * Each with its name. Of a name that comes again the values are one list, as RFC 9110, 5.3 has it; but
 * nobody has two Authorizations.
 */
function ofHeaders(
  rawHeaders: readonly string[],
  onHeaderDropped: EnvironmentOptions["onHeaderDropped"],
): string[] | undefined {
  const variables: string[] = [];
  const places = new Map<string, number>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase();
    const value = rawHeaders[index + 1] as string;
    if (OTHERWISE_KNOWN.has(name) || isAlwaysHopByHop(name)) continue;
    const fault = faultOf(name);
    if (fault !== undefined) {
      onHeaderDropped(fault);
      continue;
    }
    const place = places.get(name);
    if (place === undefined) {
      places.set(name, variables.length);
      variables.push(`HTTP_${name.toUpperCase().replaceAll("-", "_")}=${value}`);
    } else if (name !== "authorization") {
      variables[place] += `${name === "cookie" ? "; " : ", "}${value}`;
    }
  }
  return variables.some((variable) => variable.length >= VARIABLE_LIMIT_BYTES)
    ? undefined
    : variables;
}

const OTHERWISE_KNOWN = new Set(["host", "content-length", "content-type"]);

function faultOf(name: string): HeaderFault | undefined {
  if (name === "proxy") return "proxy";
  return /^[a-z\d-]+$/.test(name) ? undefined : "ambiguous";
}
