import { type AddressMatcher, createNetworkMatcher, type Network } from "../../../core/networks.ts";
import { isPublicAddress } from "./public-address.ts";

/** What callbacks reach: the public internet, and `networks`. */
export function createAllowedAddresses(networks: readonly Network[]): AddressMatcher {
  const isInside = createNetworkMatcher(networks);
  return (address) => isPublicAddress(address) || isInside(address);
}
