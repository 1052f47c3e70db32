import { type Network, parseNetwork } from "../../core/networks.ts";
import type { Problems } from "../problems.ts";
import type { GatewayReader } from "./gateway-reader.ts";

type ListName = "trusted_proxies" | "callback_networks" | "hosts";

/** What is between the commas; nothing where the variable is unset. */
export function readList(reader: GatewayReader, name: ListName): readonly string[] {
  const parts = (reader.value(name) ?? "").split(",").map((part) => part.trim());
  return Object.freeze(parts.filter((part) => part !== ""));
}

export function readNetworks(
  reader: GatewayReader,
  name: "trusted_proxies" | "callback_networks",
  problems: Problems,
): readonly Network[] {
  const networks: Network[] = [];
  for (const text of readList(reader, name)) {
    const network = parseNetwork(text);
    if (network === undefined) problems.add(name, text, EXPECTED);
    else networks.push(network);
  }
  return Object.freeze(networks);
}

const EXPECTED = "expected a network such as 10.0.0.0/8, fd00::/8 or 192.0.2.7";
