import { type Network, parseNetwork } from "../../src/core/networks.ts";

/** Networks as a test writes them: `10.0.0.0/8`, `::1`. */
export function networksOf(...texts: readonly string[]): readonly Network[] {
  return texts.map((text) => {
    const network = parseNetwork(text);
    if (network === undefined) throw new TypeError(`${text} is no network`);
    return network;
  });
}
