import type { Variable } from "../variable.ts";

/** `origin` is ours, whoever had it first: what says who is let in is never guessed, and `1` is true in every mode. */
const access = { group: "Access", origin: "breeze" } as const;

/** Who is let in. */
export const JWT_VARIABLES = {
  jwt_auth: {
    ...access,
    kind: "boolean",
    default: "false",
    text: "Admits only requests with a token of the gateway's for this function, in the header `Authorization`. `1` is true in every mode.",
  },
  jwt_auth_local: {
    ...access,
    kind: "boolean",
    default: "false",
    text: "The gateway is at `http://127.0.0.1:8000`.",
  },
  jwt_auth_url: {
    ...access,
    kind: "text",
    unset: "`http://gateway.openfaas:8080`",
    text: "Where the issuer of the tokens is: it describes itself at `/.well-known/openid-configuration` behind it. Wins over `jwt_auth_local`.",
  },
  jwt_auth_no_expiry: {
    ...access,
    kind: "boolean",
    default: "false",
    text: "Takes tokens that never expire.",
  },
  jwt_auth_debug: {
    ...access,
    kind: "boolean",
    default: "false",
    text: "Logs issuer, keys, and whose and whom for each token is.",
  },
  OPENFAAS_NAME: {
    ...access,
    kind: "text",
    unset: "none: `jwt_auth` asks for it",
    text: "The function's name, as tokens say it.",
  },
  OPENFAAS_NAMESPACE: {
    ...access,
    kind: "text",
    unset: "as the pod's service account says",
    text: "The function's namespace, as tokens say it.",
  },
} as const satisfies Readonly<Record<string, Variable>>;
