import type { Directory } from "./directory.ts";
import { type Failure, noName, noSuchFunction, providerAway } from "./failure.ts";
import { formatFunctionName, isFunctionName } from "./function-name.ts";
import { KnownFunction } from "./known-function.ts";
import type { Located } from "./routes.ts";

/** Where nobody has to be asked: most of the time. */
export function findFunction(
  directory: Directory,
  { id, name }: Located,
): KnownFunction | undefined {
  return id === undefined ? directory.find(name) : directory.findById(id);
}

/** Asks for it, and says what its client is told where there is none. Never rejects. */
export async function lookUpFunction(
  directory: Directory,
  { id, name }: Located,
): Promise<KnownFunction | Failure> {
  try {
    const known = await (id === undefined ? directory.look(name) : directory.lookById(id));
    if (known !== undefined) return known;
  } catch {
    return providerAway();
  }
  if (id !== undefined) return noSuchFunction(formatFunctionName(id));
  if (name === "") return noName();
  return noSuchFunction(isFunctionName(name) ? name : undefined);
}

export function isKnown(found: KnownFunction | Failure): found is KnownFunction {
  return found instanceof KnownFunction;
}
