import { isAbsolute, join } from "node:path";
import type { Environment } from "../definition-reader.ts";
import type { Problems } from "../problems.ts";
import { fromLatin1 } from "./from-latin1.ts";
import type { GatewayReader } from "./gateway-reader.ts";

/** An absolute path; empty where there is a problem. What the XDG rules (0.8) call a state home must be absolute, else it does not count. */
export function readDataDirectory(
  environment: Environment,
  reader: GatewayReader,
  problems: Problems,
): string {
  const given = reader.value("data_dir");
  if (given !== undefined) {
    const path = fromLatin1(given);
    if (isAbsolute(path)) return path;
    problems.add("data_dir", given, "expected an absolute path");
    return "";
  }
  const stateHome = fromLatin1(environment.XDG_STATE_HOME ?? "");
  if (isAbsolute(stateHome)) return join(stateHome, "breeze");
  const home = fromLatin1(environment.HOME ?? "");
  if (isAbsolute(home)) return join(home, ".local/state/breeze");
  const expected =
    "expected a folder, since neither XDG_STATE_HOME nor HOME says where one could be";
  problems.add("data_dir", undefined, expected);
  return "";
}
