import { ANNOTATIONS } from "../../core/annotations.ts";
import { describeProblem, listOf, type Parser, type SettingsReader } from "../../core/settings.ts";
import { isReservedPath } from "./routes.ts";

/** A host, a path below it, or both, that a function wants. */
export interface WantedRoute {
  /** In small letters, without a port; `undefined`: whatever the host. */
  readonly host: string | undefined;
  /** Without a slash at its end, but for `/`: the whole host. */
  readonly path: string;
}

/** Hosts that no function may take. In small letters. */
export interface OwnHosts {
  /** Names that the gateway is called by. */
  readonly names: readonly string[];
  /** All below it are functions by their names; `undefined`: there is none. */
  readonly functionDomain: string | undefined;
}

/** What a function's annotations ask for. What cannot be had is named in the reader's problems, and none of the rest is given. */
export function readWantedRoutes(reader: SettingsReader, own: OwnHosts): readonly WantedRoute[] {
  const before = reader.problems.length;
  const hosts = reader.read(ANNOTATIONS.host, hostsBut(own)) ?? [];
  const paths = reader.read(ANNOTATIONS.path, PATHS) ?? [];
  if (hosts.length === 0 && paths.includes("/")) {
    const expected = `a path below it, or ${ANNOTATIONS.host} besides`;
    reader.problems.push(describeProblem(ANNOTATIONS.path, "/", expected));
  }
  if (reader.problems.length > before) return [];
  if (hosts.length === 0) return distinct(paths).map((path) => ({ host: undefined, path }));
  const wanted = paths.length === 0 ? ["/"] : distinct(paths);
  return distinct(hosts).flatMap((host) => wanted.map((path) => ({ host, path })));
}

const distinct = (texts: readonly string[]) => [...new Set(texts)];

const LONGEST_PATH = 256;
/** Nothing that has to be escaped, and nothing that could be: a path is compared as it comes. */
const PATH = /^(?:\/|(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+\/?)$/;

const PATHS = listOf(
  "paths of letters, digits, . _ ~ and - such as /shop or /api/v1, none of them the gateway's own",
  (text) => {
    if (!PATH.test(text) || text.length > LONGEST_PATH) return undefined;
    if (text === "/") return text;
    return isReservedPath(text) ? undefined : text.replace(/\/$/, "");
  },
);

/** With a dot, so that it is no name of this machine or network; no address ends like that. */
const HOST =
  /^(?=.{1,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z](?:[a-z\d-]{0,61}[a-z\d])?$/;

function hostsBut({ names, functionDomain }: OwnHosts): Parser<readonly string[]> {
  const isOwn = (host: string) =>
    names.includes(host) || host === functionDomain || host.endsWith(`.${functionDomain}`);
  return listOf(
    "names such as shop.example.com, none of them the gateway's own or below function_domain",
    (text) => {
      const host = text.toLowerCase();
      return HOST.test(host) && !isOwn(host) ? host : undefined;
    },
  );
}
