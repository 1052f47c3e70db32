import { isIP } from "node:net";
import type { AddressMatcher } from "../../../core/networks.ts";

/** A callback that is not made. The message is for whoever asked for it. */
export class CallbackRefused extends Error {
  override readonly name = "CallbackRefused";
}

const LONGEST = 2_048;

/**
 * Reads what a client wrote into `X-Callback-Url`, and refuses what can be refused without asking anybody: where its name
 * leads is seen when it is called. Returns the URL as it is called; throws `CallbackRefused`.
 */
export function parseCallbackUrl(text: string, isAllowed: AddressMatcher): string {
  const [, authority = ""] = HTTP_URL.exec(text) ?? [];
  if (authority === "" || text.length > LONGEST || !URL.canParse(text)) {
    throw new CallbackRefused(
      `the callback URL must be http:// or https:// with a host, in ASCII, of at most ${LONGEST} characters`,
    );
  }
  if (authority.includes("@")) {
    throw new CallbackRefused("the callback URL must not have a user name or a password");
  }
  const url = new URL(text);
  url.hash = "";
  const host = hostOf(url);
  if (isIP(host) > 0) checkLiteral(host, authority, isAllowed);
  else if (isLocalName(host) && !LOOPBACK.some(isAllowed)) throw insideError(host);
  return url.href;
}

/** Without the brackets of IPv6 and the dot behind a full name. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$|\.$/g, "");

export const insideError = (host: string): CallbackRefused =>
  new CallbackRefused(`callbacks to ${host} are not allowed: it is not on the public internet`);

/** Printable ASCII but the backslash, which is a slash to some who read URLs, and none to others. */
const HTTP_URL = /^https?:\/\/([!-"$-.0->@-[\]-~]+)(?:[/?#][!-[\]-~]*)?$/i;

/** What local names stand for (RFC 6761, 6.3). */
const LOOPBACK = ["127.0.0.1", "::1"];

const isLocalName = (host: string): boolean => /(^|\.)localhost$/.test(host);

function checkLiteral(address: string, authority: string, isAllowed: AddressMatcher): void {
  // `http://0x7f.1/` and `http://2130706433/` are 127.0.0.1 to some: nobody means well who writes it so.
  const written = authority.replace(/:\d*$/, "").replace(/^\[|\]$/g, "");
  if (isIP(written) === 0) {
    throw new CallbackRefused(`${written} is an unusual way to write ${address}: write that`);
  }
  if (!isAllowed(address)) throw insideError(address);
}
