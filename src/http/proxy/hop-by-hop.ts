/** What is about one connection and not about the message (RFC 9110 7.6.1), with what older proxies and clients send besides. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Whether a header, its name in small letters, goes no further. */
export type IsHopByHop = (name: string) => boolean;

export const isAlwaysHopByHop: IsHopByHop = (name) => HOP_BY_HOP.has(name);

/** With the names that the message itself lists in `Connection`. */
export function findHopByHop(rawHeaders: readonly string[]): IsHopByHop {
  let named: Set<string> | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length !== 10 || name.toLowerCase() !== "connection") continue;
    const value = (rawHeaders[index + 1] as string).toLowerCase();
    // Nearly always it says nothing else.
    if (value === "keep-alive" || value === "close") continue;
    named ??= new Set();
    for (const option of value.split(",")) named.add(option.trim());
  }
  if (named === undefined) return isAlwaysHopByHop;
  const isNamed = named;
  return (name) => HOP_BY_HOP.has(name) || isNamed.has(name);
}
