import { type FunctionId, ProviderError } from "../provider.ts";

/** Files and folders are called like them, so nobody else's word is taken for it. Throw `invalid`. */

export function checkFunctionName(name: string): void {
  check(NAME.test(name) && !name.includes(".."), "function", name);
}

export function checkSecretName(name: string): void {
  check(SECRET.test(name) && !name.includes(".."), "secret", name);
}

export function checkNamespaceName(name: string): void {
  check(LABEL.test(name), "namespace", name);
}

/** `NAME.NAMESPACE`, which is unique, since a namespace has no dot. */
export const toKey = ({ name, namespace }: FunctionId): string => `${name}.${namespace}`;

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;
const SECRET = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,252}$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const EXPECTED = {
  function: "up to 128 letters, digits, '-', '_' and single '.', a letter or digit first",
  secret: "up to 253 letters, digits, '-', '_' and single '.', a letter or digit first",
  namespace: "up to 63 lower-case letters, digits and '-', a letter or digit first and last",
};

function check(isValid: boolean, what: keyof typeof EXPECTED, name: string): void {
  if (isValid) return;
  const message = `${what} name not valid: ${JSON.stringify(name)}: expected ${EXPECTED[what]}`;
  throw new ProviderError("invalid", message);
}
