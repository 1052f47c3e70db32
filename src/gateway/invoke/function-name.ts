import type { FunctionId } from "../../provider/provider.ts";

/** Never a slash, escaped or not, and never two dots in a row: such a name could be taken for a path (T29). */
const NAME = /^(?!.*\.\.)[A-Za-z0-9][\w.-]{0,127}$/;

export const isFunctionName = (text: string): boolean => NAME.test(text);

export interface NamespaceSet {
  has(name: string): boolean;
}

/**
 * `NAME` or `NAME.NAMESPACE`, as it stands in a URL, not decoded. What is behind the last dot is a namespace only where there
 * is one of this name: a function's name may have dots itself. `undefined`: no function can be called like that.
 */
export function parseFunctionName(
  text: string,
  namespaces: NamespaceSet,
  defaultNamespace: string,
): FunctionId | undefined {
  if (!NAME.test(text)) return undefined;
  const dot = text.lastIndexOf(".");
  const namespace = text.slice(dot + 1);
  if (dot > 0 && namespaces.has(namespace)) return { name: text.slice(0, dot), namespace };
  return { name: text, namespace: defaultNamespace };
}

/** As the CLI writes it. */
export function formatFunctionName({ name, namespace }: FunctionId): string {
  return `${name}.${namespace}`;
}
