import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { AllowList } from "./allow-list.ts";
import { insideError } from "./callback-url.ts";

/** All addresses of a name; rejects where it has none. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

/** As the machine does it: with `/etc/hosts`, which a connection would ask too. */
export const resolveHost: ResolveHost = async (host) =>
  (await lookup(host, { all: true, order: "verbatim" })).map(({ address }) => address);

/**
 * The address to connect to. Whoever connects must take this one: asked again, a name may say something else. One forbidden
 * address among others is enough to refuse the name: nobody has it there by chance. Rejects with `CallbackRefused`.
 */
export async function resolveAllowed(
  host: string,
  allowed: AllowList,
  resolve: ResolveHost,
): Promise<string> {
  const addresses = isIP(host) > 0 ? [host] : await resolve(host);
  const isAllowed =
    allowed.hasHost(host) || addresses.every((address) => allowed.hasAddress(address));
  const [first] = addresses;
  if (!isAllowed || first === undefined) throw insideError(host);
  return first;
}
