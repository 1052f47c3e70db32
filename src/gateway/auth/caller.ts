import { isIP } from "node:net";
import { createNetworkMatcher, type Network } from "../../core/networks.ts";
import { type AskingRequest, headerText } from "./asking-request.ts";

/** Who asks, when proxies may stand between. */
export interface CallerResolver {
  /** The address of the caller. Empty where the socket has gone. */
  addressOf(request: AskingRequest): string;
  /** The request comes from a proxy whose `X-Forwarded-*` count. */
  isForwarded(request: AskingRequest): boolean;
}

/**
 * `X-Forwarded-For` is read from its end, where the nearest proxy wrote: what one that is not trusted wrote is the caller's
 * own invention.
 */
export function createCallerResolver(trustedProxies: readonly Network[]): CallerResolver {
  const isTrusted = createNetworkMatcher(trustedProxies);
  const isForwarded = (request: AskingRequest) => isTrusted(remoteAddressOf(request));
  return {
    isForwarded,
    addressOf(request) {
      const remote = remoteAddressOf(request);
      if (trustedProxies.length === 0 || !isTrusted(remote)) return remote;
      let address = remote;
      for (const hop of (headerText(request, "x-forwarded-for") ?? "").split(",").reverse()) {
        const next = toAddress(hop.trim());
        if (next === undefined) return address;
        address = next;
        if (!isTrusted(address)) return address;
      }
      return address;
    },
  };
}

const MAPPED = "::ffff:";

function remoteAddressOf({ socket }: AskingRequest): string {
  return unmapped(socket.remoteAddress ?? "");
}

/** What a socket for both families says of IPv4. */
function unmapped(address: string): string {
  return address.startsWith(MAPPED) && address.includes(".")
    ? address.slice(MAPPED.length)
    : address;
}

/** An address, perhaps with a port as the Go gateways write it: `192.0.2.7:4711`, `[2001:db8::1]:4711`. */
function toAddress(text: string): string | undefined {
  const [, inBrackets] = /^\[([^\]]+)\](?::\d+)?$/.exec(text) ?? [];
  const [, beforePort] = /^([\d.]+):\d+$/.exec(text) ?? [];
  const address = inBrackets ?? beforePort ?? text;
  return isIP(address) === 0 ? undefined : unmapped(address);
}
