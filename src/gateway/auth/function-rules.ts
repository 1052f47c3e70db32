import { ANNOTATIONS, type Annotations } from "../../core/annotations.ts";
import { parseRate, type Rate } from "./rate.ts";

/** Who may invoke a function. */
export type InvokeRule =
  | { readonly kind: "anybody" }
  | { readonly kind: "api-key" }
  | {
      readonly kind: "jwt";
      /** Where the issuer's keys are. */
      readonly keysUrl: string;
      readonly issuer: string;
      readonly audience: string;
    };

/** What a function's annotations say of who may invoke it, and how often. */
export interface FunctionRules {
  readonly invoke: InvokeRule;
  /** `undefined`: no limit. */
  readonly rate: Rate | undefined;
  readonly callerRate: Rate | undefined;
}

/** The rules, or for whoever deploys a line for each annotation that cannot be used. */
export function parseFunctionRules(
  annotations: Annotations,
): FunctionRules | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const rules = {
    invoke: readInvokeRule(annotations, problems),
    rate: readRate(annotations, ANNOTATIONS.rate, problems),
    callerRate: readRate(annotations, ANNOTATIONS.callerRate, problems),
  };
  return problems.length === 0 ? rules : { problems };
}

function readInvokeRule(annotations: Annotations, problems: string[]): InvokeRule {
  const kind = annotations[ANNOTATIONS.auth];
  if (kind === "jwt") return readJwtRule(annotations, problems);
  for (const name of [ANNOTATIONS.jwks, ANNOTATIONS.issuer, ANNOTATIONS.audience]) {
    // Somebody believes that tokens are asked for.
    if (annotations[name] !== undefined) problems.push(`${name}: needs ${ANNOTATIONS.auth}: jwt`);
  }
  if (kind === undefined) return { kind: "anybody" };
  if (kind !== "api-key") problems.push(`${ANNOTATIONS.auth}: expected api-key or jwt`);
  return { kind: "api-key" };
}

function readJwtRule(annotations: Annotations, problems: string[]): InvokeRule {
  const read = (name: string, expected: string) => {
    const text = annotations[name]?.trim() ?? "";
    if (text === "") problems.push(`${name}: expected ${expected}`);
    return text;
  };
  const keysUrl = read(ANNOTATIONS.jwks, "the address of the issuer's keys (a JWKS)");
  const url = URL.parse(keysUrl);
  const isUsable =
    url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === "";
  if (keysUrl !== "" && !isUsable) {
    problems.push(
      `${ANNOTATIONS.jwks}: expected an address such as https://issuer.example.com/keys`,
    );
  }
  return {
    kind: "jwt",
    keysUrl,
    issuer: read(ANNOTATIONS.issuer, "the issuer (iss) that tokens name"),
    // Else the tokens of the issuer's other services would be good here.
    audience: read(ANNOTATIONS.audience, "the audience (aud) that tokens name"),
  };
}

function readRate(annotations: Annotations, name: string, problems: string[]): Rate | undefined {
  const text = annotations[name];
  if (text === undefined) return undefined;
  const rate = parseRate(text);
  if (rate === undefined)
    problems.push(`${name}: expected a rate such as 100/s, 600/m or 10/s burst 50`);
  return rate;
}
