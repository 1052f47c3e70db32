import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { AddressMatcher } from "../../../core/networks.ts";
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
  isAllowed: AddressMatcher,
  resolve: ResolveHost,
): Promise<string> {
  const addresses = isIP(host) > 0 ? [host] : await resolve(host);
  const [first] = addresses;
  if (first === undefined || !addresses.every(isAllowed)) throw insideError(host);
  return first;
}
