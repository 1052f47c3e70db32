import { type AskingRequest, bearerOf, headerText } from "./asking-request.ts";
import { CallerBuckets, toCaller } from "./caller-buckets.ts";
import { badToken, type Denial, forbidden, tooMany } from "./denial.ts";
import type { FunctionRules } from "./function-rules.ts";
import type { IssuerKeys } from "./issuer-keys.ts";
import type { TokenRecord } from "./token.ts";
import { TokenBucket } from "./token-bucket.ts";

export interface FunctionGateOptions {
  /** `NAME.NAMESPACE`. */
  readonly reference: string;
  readonly rules: FunctionRules;
  readonly tokens: { find(secret: string): TokenRecord | undefined };
  readonly keys: Pick<IssuerKeys, "judge">;
  /** Of the rate limits, ascending. */
  readonly now?: () => number;
}

/** As many callers of a function are counted apart. */
const MOST_CALLERS = 10_000;

/** Who is let in to a function. One for as long as its annotations stay, since it remembers who came. */
export class FunctionGate {
  readonly #options: FunctionGateOptions;
  readonly #now: () => number;
  readonly #all: TokenBucket | undefined;
  readonly #callers: CallerBuckets | undefined;

  constructor(options: FunctionGateOptions) {
    const { rate, callerRate } = options.rules;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#all = rate && new TokenBucket(rate, this.#now());
    this.#callers = callerRate && new CallerBuckets(callerRate, MOST_CALLERS);
  }

  /**
   * `undefined`: the request is let in; at once where no token has to be looked at. A caller's own limit comes first, so that guessing is
   * limited too; that of all comes last, so that those who may not invoke the function cannot use it up. Never rejects.
   */
  admit(request: AskingRequest, address: string): Denial | undefined | Promise<Denial | undefined> {
    const denial = this.#limitCaller(address);
    if (denial !== undefined) return denial;
    const { invoke } = this.#options.rules;
    if (invoke.kind === "anybody") return this.#limitAll();
    if (invoke.kind === "api-key") return this.#judgeKey(keyOf(request)) ?? this.#limitAll();
    const token = bearerOf(request.headers.authorization ?? "") ?? "";
    return this.#options.keys.judge(token, invoke).then((bad) => bad ?? this.#limitAll());
  }

  /**
   * The headers, in small letters, that were for the gateway alone: the function must not get its caller's key, in whatever
   * header it came, nor another one of the gateway's. An `Authorization` beside the key that is none is the function's own.
   */
  credentialHeaders(request: AskingRequest): readonly string[] {
    const { headers } = request;
    if (this.#options.rules.invoke.kind !== "api-key") return NO_HEADERS;
    if (headers[KEY_HEADER] === undefined) return IN_AUTHORIZATION;
    const beside = bearerOf(headers.authorization ?? "");
    if (beside === undefined) return IN_KEY_HEADER;
    // The same one counts even if it was taken back since.
    const isKey = beside === keyOf(request) || this.#options.tokens.find(beside) !== undefined;
    return isKey ? IN_BOTH : IN_KEY_HEADER;
  }

  #limitCaller(address: string): Denial | undefined {
    const callers = this.#callers;
    if (callers === undefined) return undefined;
    const nowMs = this.#now();
    const waitMs = callers.of(toCaller(address), nowMs).take(nowMs);
    return waitMs === 0 ? undefined : tooMany(`${callers.rate.text} for one caller`, waitMs / 1000);
  }

  #limitAll(): Denial | undefined {
    const waitMs = this.#all?.take(this.#now()) ?? 0;
    if (waitMs === 0) return undefined;
    return tooMany(`${this.#options.rules.rate?.text} for this function`, waitMs / 1000);
  }

  #judgeKey(key: string): Denial | undefined {
    if (key === "") return badToken("this function asks for a key: X-Api-Key: KEY");
    const token = this.#options.tokens.find(key);
    if (token === undefined) return badToken("the key is unknown or expired");
    const { scopes, functions } = token;
    const isMeant = functions.length === 0 || functions.includes(this.#options.reference);
    const mayInvoke = scopes.includes("invoke") || scopes.includes("admin");
    if (isMeant && mayInvoke) return undefined;
    return forbidden(`the key ${token.id} is not for this function`);
  }
}

const KEY_HEADER = "x-api-key";
const NO_HEADERS: readonly string[] = [];
const IN_KEY_HEADER: readonly string[] = [KEY_HEADER];
const IN_AUTHORIZATION: readonly string[] = ["authorization"];
const IN_BOTH: readonly string[] = [KEY_HEADER, "authorization"];

function keyOf(request: AskingRequest): string {
  return headerText(request, KEY_HEADER) ?? bearerOf(request.headers.authorization ?? "") ?? "";
}
