import { findHopByHop } from "./hop-by-hop.ts";

/** Said anew for the upstream, or done with: who is asked to go on has been (`Expect`). */
const REPLACED: ReadonlySet<string> = new Set(["host", "content-length", "expect"]);
const NOTHING: ReadonlySet<string> = new Set();

/**
 * What the upstream is told of a request's headers, names and values in turn: those of the client, as they came. A repeated
 * one is joined into one, so that nobody behind picks another one of them than somebody before; of `Authorization` the first
 * counts. `Proxy` never passes: what runs CGI programs would make their `HTTP_PROXY` of it. `saidAnew`: what else the caller
 * says itself, or keeps to itself; names in small letters.
 */
export function toUpstreamHeaders(
  rawHeaders: readonly string[],
  onProxyDropped: () => void,
  saidAnew: ReadonlySet<string> = NOTHING,
): string[] {
  const isHopByHop = findHopByHop(rawHeaders);
  const headers: string[] = [];
  const positions = new Map<string, number>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    const value = rawHeaders[index + 1] as string;
    const key = name.toLowerCase();
    if (REPLACED.has(key) || saidAnew.has(key) || isHopByHop(key)) continue;
    if (key === "proxy") {
      onProxyDropped();
      continue;
    }
    const position = positions.get(key);
    if (position === undefined) {
      positions.set(key, headers.length + 1);
      headers.push(name, value);
    } else if (key !== "authorization") {
      headers[position] += `${key === "cookie" ? "; " : ", "}${value}`;
    }
  }
  return headers;
}
