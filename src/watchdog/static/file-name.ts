import type { RequestHead } from "../../http/request-head.ts";

/** Where names with a dot in front are meant to be asked for (RFC 8615). */
const WELL_KNOWN = ".well-known";

/**
 * The name below the site's folder that a request asks for, without the slash in front; `undefined`: there can be none. What is
 * escaped was not looked into when the path was cleaned, so a slash or `..` that hides there is refused and not resolved.
 */
export function toFileName({ path, decodedPath }: RequestHead): string | undefined {
  const name = decodedPath.slice(1);
  if (PLAIN.test(name) && path.length === decodedPath.length) return name;
  if (/%2f/i.test(path) || name.includes("\\")) return undefined;
  return name.split("/").some(isHidden) ? undefined : name;
}

/** What most paths are: nothing escaped, and no segment that begins with a dot. */
const PLAIN = /^(?:[\w-][\w\-.]*\/)*(?:[\w-][\w\-.]*)?$/;

function isHidden(segment: string, depth: number): boolean {
  return segment.startsWith(".") && !(depth === 0 && segment === WELL_KNOWN);
}
