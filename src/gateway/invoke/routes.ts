import type { FunctionId } from "../../provider/provider.ts";

/** A host, a path below it, or both, that belong to a function. */
export interface Route {
  /** Without a port; `undefined`: whatever the host. */
  readonly host: string | undefined;
  /** With all that is below it: `/shop` has `/shop/cart` too, and `/shopping` not. `/` is the whole host. */
  readonly path: string;
  readonly id: FunctionId;
}

/** What of a request says which function it is for. */
export interface Located {
  /** `NAME` or `NAME.NAMESPACE`, not checked; where there is `id`, empty. */
  readonly name: string;
  readonly id: FunctionId | undefined;
  /** What is left of the path for the function: it begins with a slash. */
  readonly rest: string;
}

/** What the gateway's own paths begin with, and that of `/` itself: no function is given one of them. */
const OWN_SEGMENTS: ReadonlySet<string> = new Set([
  "",
  "async-function",
  "function",
  "healthz",
  "metrics",
  "system",
  "ui",
]);

export function isReservedPath(path: string): boolean {
  return OWN_SEGMENTS.has((path.split("/", 2)[1] ?? "").toLowerCase());
}

/** Which function a request is for. A host that is a function's is so as a whole: nothing else answers there. */
export class Routes {
  readonly #domains: readonly string[];
  /** By host, "" for all; the longest path first. */
  #routes = new Map<string, Route[]>();

  /** `domains`: below each of them, `NAME.DOMAIN` is the function NAME's host. */
  constructor(domains: readonly string[] = []) {
    this.#domains = domains.map((domain) => `.${domain.toLowerCase()}`);
  }

  /** All there are from now on. Returns those that are not taken: a path is the gateway's own, or none. */
  replace(routes: readonly Route[]): readonly Route[] {
    const taken = new Map<string, Route[]>();
    const refused: Route[] = [];
    for (const route of routes) {
      if (!isAllowed(route)) {
        refused.push(route);
        continue;
      }
      const host = route.host?.toLowerCase() ?? "";
      const path = route.path.replace(/\/+$/, "");
      taken.set(host, [...(taken.get(host) ?? []), { ...route, path }]);
    }
    for (const list of taken.values())
      list.sort((one, other) => other.path.length - one.path.length);
    this.#routes = taken;
    return refused;
  }

  /** `undefined`: it is for no function. `host` as in the header, `path` not decoded. */
  locate(host: string, path: string): Located | undefined {
    if (this.#routes.size === 0 && this.#domains.length === 0) return locateByPath(path);
    return this.#locateByHost(toHostname(host), path) ?? locateByPath(path) ?? this.#find("", path);
  }

  #locateByHost(host: string, path: string): Located | undefined {
    if (host === "") return undefined;
    const found = this.#find(host, path);
    if (found !== undefined) return found;
    const domain = this.#domains.find((suffix) => host.endsWith(suffix));
    if (domain === undefined || host.length === domain.length) return undefined;
    return { name: host.slice(0, -domain.length), id: undefined, rest: path };
  }

  #find(host: string, path: string): Located | undefined {
    const route = this.#routes.get(host)?.find((candidate) => isBelow(path, candidate.path));
    if (route === undefined) return undefined;
    return { name: "", id: route.id, rest: toRest(path, route.path.length) };
  }
}

const FUNCTION = "/function/";

/** `/function/NAME/rest`; `undefined`: another path. */
export function locateByPath(path: string, prefix = FUNCTION): Located | undefined {
  if (!path.startsWith(prefix)) return undefined;
  const slash = path.indexOf("/", prefix.length);
  const end = slash < 0 ? path.length : slash;
  return { name: path.slice(prefix.length, end), id: undefined, rest: toRest(path, end) };
}

/** `POST /` with the name in `X-Function`, as clients of 2017 invoke; `undefined`: another request. */
export function locateByHeader(
  path: string,
  method: string | undefined,
  name: string | string[] | undefined,
): Located | undefined {
  if (path !== "/" || method !== "POST" || typeof name !== "string" || name === "")
    return undefined;
  return { name, id: undefined, rest: "/" };
}

function toRest(path: string, end: number): string {
  return end === path.length ? "/" : path.slice(end);
}

function isBelow(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === "/");
}

function isAllowed({ host, path }: Route): boolean {
  if (!path.startsWith("/")) return false;
  return path === "/" ? host !== undefined : !isReservedPath(path);
}

/** Also without the dot that a full name may end with. */
function toHostname(host: string): string {
  return host.replace(/:\d*$/, "").replace(/\.$/, "").toLowerCase();
}
