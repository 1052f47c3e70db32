import { BlockList, isIP } from "node:net";
import { BreezeError } from "../../core/errors.ts";

/** Whose word counts on where a request came from. */
export class TrustedProxies {
  readonly #list = new BlockList();
  readonly #isEmpty: boolean;

  /** Addresses, and networks as `10.0.0.0/8`. Throws `CONFIG_INVALID` at what is neither. */
  constructor(proxies: readonly string[]) {
    this.#isEmpty = proxies.length === 0;
    for (const proxy of proxies) this.#add(proxy);
  }

  /** `address`: not one that is mapped into the other family. */
  has(address: string): boolean {
    if (this.#isEmpty) return false;
    return this.#list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  }

  #add(proxy: string): void {
    const [, address = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(proxy.trim()) ?? [];
    const version = isIP(address);
    const longest = version === 6 ? 128 : 32;
    const prefix = bits === undefined ? longest : Number(bits);
    if (version === 0 || prefix > longest) {
      const message = `trusted_proxies: "${proxy}" is no address and no network (10.0.0.0/8).`;
      throw new BreezeError("CONFIG_INVALID", message);
    }
    this.#list.addSubnet(address, prefix, version === 6 ? "ipv6" : "ipv4");
  }
}
