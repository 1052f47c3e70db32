import type { Problems } from "./problems.ts";
import type { Environment, VariableReader } from "./variable-reader.ts";

/** Who is let in, where not everybody is. */
export interface JwtConfig {
  /** Where the issuer of the tokens describes itself. */
  readonly discoveryUrl: string;
  /** `NAMESPACE:NAME`, as the permissions in tokens name this function. */
  readonly functionReference: string;
  readonly requiresExpiry: boolean;
  readonly isDebug: boolean;
}

/** Gives a file's text, or `undefined` where it cannot be read. */
export type ReadFile = (path: string) => string | undefined;

/** `undefined`: everybody is let in. */
export function readJwt(
  environment: Environment,
  reader: VariableReader,
  problems: Problems,
  readFile: ReadFile,
): JwtConfig | undefined {
  if (!reader.value("jwt_auth")) return undefined;
  const name = reader.value("OPENFAAS_NAME") ?? "";
  if (name === "") problems.add("OPENFAAS_NAME", undefined, "expected the function's name");
  return Object.freeze({
    discoveryUrl: readDiscoveryUrl(reader, problems),
    functionReference: `${readNamespace(environment, problems, readFile)}:${name}`,
    requiresExpiry: !reader.value("jwt_auth_no_expiry"),
    isDebug: reader.value("jwt_auth_debug"),
  });
}

const NAMESPACE_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

/** Set but empty is a namespace too, as in theirs: one that only patterns mean. */
function readNamespace(environment: Environment, problems: Problems, readFile: ReadFile): string {
  const namespace = environment.OPENFAAS_NAMESPACE ?? readFile(NAMESPACE_FILE)?.trim();
  if (namespace === undefined) {
    const expected = `expected the function's namespace, since there is no ${NAMESPACE_FILE}`;
    problems.add("OPENFAAS_NAMESPACE", undefined, expected);
  }
  return namespace ?? "";
}

const GATEWAY = "http://gateway.openfaas:8080";
const LOCAL_GATEWAY = "http://127.0.0.1:8000";

function readDiscoveryUrl(reader: VariableReader, problems: Problems): string {
  const unasked = reader.value("jwt_auth_local") ? LOCAL_GATEWAY : GATEWAY;
  const text = reader.value("jwt_auth_url") ?? unasked;
  const url = URL.parse(text);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.search + url.hash === "";
  if (!isPlain || url.username + url.password !== "") {
    // A password in it must not get into the log.
    const found = text.includes("@") ? "an address with a user in it" : text;
    problems.add("jwt_auth_url", found, "expected an address such as https://gateway.example.com");
    return unasked;
  }
  return `${url.href.replace(/\/$/, "")}/.well-known/openid-configuration`;
}
