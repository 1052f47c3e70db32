import type { Random } from "../../../../bench/soak/random.ts";
import { pick } from "../../mutate.ts";

const QUERIES: readonly string[] = [
  ...[
    "/system/logs?name=echo",
    "/system/logs?name=",
    "/system/logs",
    "/system/logs?name=echo&name=nobody",
  ],
  ...[
    "/system/functions",
    "/system/functions?usage=1",
    "/system/function/echo",
    "/system/function/sleeper",
  ],
  ...[
    "/system/secrets",
    "/system/namespaces",
    "/system/namespace/openfaas-fn",
    "/system/dead-letters",
    "/system/async/same",
  ],
  ...["/system/info", "/system/function/echo.openfaas-fn", "/system/scale-function/echo"],
];
const PARAMETERS: readonly string[] = [
  ...[
    "tail",
    "since",
    "follow",
    "instance",
    "namespace",
    "usage",
    "limit",
    "before",
    "name",
    "__proto__",
    "toString",
    "",
  ],
];
const VALUES: readonly string[] = [
  ...[
    "",
    "0",
    "1",
    "-1",
    "1e9",
    "99999999999",
    "true",
    "TRUE",
    "null",
    "undefined",
    "%00",
    "%ff",
    "%zz",
    "+",
    "..%2f..",
  ],
  ...[
    "openfaas-fn",
    "openfaas",
    "*",
    "2026-01-01T00:00:00Z",
    "2026-13-01",
    "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:59.999999999%2B14:00",
  ],
  ...["'%20OR%201=1--", "x".repeat(5_000), "[]", "__proto__", "a&a=b", "1#", "%F0%9F%92%A9"],
];

/** A path of the API that is only read, with what nobody would ask it. */
export function drawPath(random: Random): string {
  let path = pick(QUERIES, random);
  for (let count = random.below(4); count > 0; count--) {
    path += `${path.includes("?") ? "&" : "?"}${pick(PARAMETERS, random)}=${pick(VALUES, random)}`;
  }
  return path;
}
