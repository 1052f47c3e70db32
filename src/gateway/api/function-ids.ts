import { type FunctionId, isNotFound, type Provider } from "../../provider/provider.ts";
import { parseFunctionName } from "../invoke/function-name.ts";
import { ApiError } from "./api-error.ts";

/** A namespace as it stands in the query or in the body. Nothing, and an empty text, say nothing. */
type Said = string | null | undefined;

/** Which function a request means, which may say its namespace behind the name, in the query, in the body, or nowhere. */
export class FunctionIds {
  readonly #provider: Pick<Provider, "listNamespaces">;
  readonly defaultNamespace: string;

  constructor(provider: Pick<Provider, "listNamespaces">, defaultNamespace: string) {
    this.#provider = provider;
    this.defaultNamespace = defaultNamespace;
  }

  /** Throws `ApiError` (400) at names that cannot be, at unknown namespaces, and where two places name two of them. */
  async resolve(written: string, ...said: readonly Said[]): Promise<FunctionId> {
    const asked = firstSaid(said);
    const fallback = asked ?? this.defaultNamespace;
    const isPlain = fallback === this.defaultNamespace && !written.includes(".");
    const namespaces = isPlain ? new Set([fallback]) : await this.#namespaces();
    if (!namespaces.has(fallback)) throw namespaceNotValid();
    const id = parseFunctionName(written, namespaces, fallback);
    if (id === undefined) throw new ApiError(400, `"${written}" cannot be a function's name`);
    if (asked !== undefined && id.namespace !== asked) {
      const where = `"${written}" is in the namespace "${id.namespace}"`;
      throw new ApiError(400, `${where}, but "${asked}" was asked for`);
    }
    return id;
  }

  /** Throws `ApiError` (400) where there is none of this name. */
  async namespace(...said: readonly Said[]): Promise<string> {
    const namespace = firstSaid(said) ?? this.defaultNamespace;
    if (namespace === this.defaultNamespace || (await this.#namespaces()).has(namespace)) {
      return namespace;
    }
    throw namespaceNotValid();
  }

  async #namespaces(): Promise<Set<string>> {
    return new Set((await this.#provider.listNamespaces()).map(({ name }) => name));
  }
}

/** For `catch`: what the provider says of a function that is not there, as clients know it. */
export function explainMissing({ name, namespace }: FunctionId): (error: unknown) => never {
  return (error) => {
    throw isNotFound(error) ? new ApiError(404, `function ${name}.${namespace} not found`) : error;
  };
}

const firstSaid = (said: readonly Said[]) => said.find((namespace) => Boolean(namespace));

const namespaceNotValid = () => new ApiError(400, "namespace not valid");
