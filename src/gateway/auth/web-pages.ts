import { isIP } from "node:net";
import { type AskingRequest, headerText } from "./asking-request.ts";
import type { CallerResolver } from "./caller.ts";
import { type Denial, forbidden } from "./denial.ts";

export interface WebPageGuardOptions {
  /** Names that the gateway is called by, in small letters. */
  readonly hosts: readonly string[];
  readonly caller: CallerResolver;
}

/**
 * Keeps web pages of others from an open gateway: a browser would carry their requests to it, since it is on the reader's own
 * machine or network. `undefined`: the request is none of those.
 */
export function createWebPageGuard({ hosts, caller }: WebPageGuardOptions) {
  const configured = new Set(hosts);
  return (request: AskingRequest): Denial | undefined => {
    if (isCrossSite(request)) return forbidden("requests of other sites' pages are refused");
    const names = namesOf(request, caller);
    // A name with dots may be anybody's, and point here since a second ago (DNS rebinding).
    const foreign = names.find((name) => !isOurs(hostnameOf(name), configured));
    if (foreign !== undefined) {
      return forbidden(
        "this gateway is open, and is not called by this host: the variable hosts names those it is",
      );
    }
    const origin = headerText(request, "origin");
    if (origin === undefined || names.some((name) => isSameHost(origin, name))) return undefined;
    return forbidden("requests of pages of another origin are refused");
  };
}

/** What the browser says, and no page can. */
export function isCrossSite(request: AskingRequest): boolean {
  return headerText(request, "sec-fetch-site")?.includes("cross-site") === true;
}

/** What the request says it is for. Without any it is no browser's. */
function namesOf(request: AskingRequest, caller: CallerResolver): readonly string[] {
  const names = [request.headers.host];
  if (caller.isForwarded(request)) {
    names.push(...(headerText(request, "x-forwarded-host")?.split(",") ?? []));
  }
  return names.map((name) => name?.trim().toLowerCase() ?? "").filter((name) => name !== "");
}

/** Without the port, the brackets of IPv6 and the dot of the root. */
function hostnameOf(name: string): string {
  const [, inBrackets] = /^\[([^\]]*)\](?::\d*)?$/.exec(name) ?? [];
  return inBrackets ?? name.replace(/:\d*$/, "").replace(/\.$/, "");
}

function isOurs(hostname: string, configured: ReadonlySet<string>): boolean {
  if (configured.has(hostname) || isIP(hostname) !== 0) return true;
  return /^[a-z\d_-]+(\.localhost)?$/.test(hostname);
}

function isSameHost(origin: string, name: string): boolean {
  const url = URL.parse(origin);
  // With the default port and without it, whichever the scheme, since TLS may end before us.
  return url !== null && withPort(url.host, url.protocol) === withPort(name, url.protocol);
}

function withPort(host: string, protocol: string): string {
  if (/:\d+$/.test(host)) return host;
  return `${host}:${protocol === "https:" ? 443 : 80}`;
}
