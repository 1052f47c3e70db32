import { join } from "node:path";
import type { Problems } from "../problems.ts";
import { fromLatin1 } from "./from-latin1.ts";
import type { GatewayReader } from "./gateway-reader.ts";

/** The path of a secret that a variable names. A name alone, so that no other file can be meant. */
export function secretFile(
  reader: GatewayReader,
  variable: string,
  name: string,
  problems: Problems,
): string {
  if (!/^[A-Za-z\d][\w.-]*$/.test(name)) {
    problems.add(variable, name, "expected the name of a file in secret_mount_path");
  }
  return join(fromLatin1(reader.value("secret_mount_path")), name);
}
