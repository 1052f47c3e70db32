import { type AskingRequest, bearerOf } from "./asking-request.ts";
import { type Denial, forbidden, unauthorized } from "./denial.ts";
import type { Gate } from "./gate.ts";
import type { Scope, TokenRecord } from "./token.ts";
import { createWebPageGuard, isCrossSite, type WebPageGuardOptions } from "./web-pages.ts";

export interface SystemAccessOptions extends WebPageGuardOptions {
  readonly gate: Gate;
  readonly tokens: { find(secret: string): TokenRecord | undefined };
  /** `open`: the alert webhook asks for nothing, though all else is closed. */
  readonly alertAuth: "closed" | "open";
}

/** Who may manage functions. */
export interface SystemAccess {
  /**
   * Whether a request may do what needs a scope; `undefined`: it may. Without a scope it is enough to be known: for what there is not, since
   * that, too, is told to nobody else.
   */
  authorize(request: AskingRequest, scope: Scope | undefined): Denial | undefined;
}

export function createSystemAccess(options: SystemAccessOptions): SystemAccess {
  const { gate, alertAuth } = options;
  const refuseWebPage = createWebPageGuard(options);
  return {
    authorize(request, scope) {
      if (gate.kind === "open" || (scope === "alert" && alertAuth === "open")) {
        return refuseWebPage(request);
      }
      const authorization = request.headers.authorization ?? "";
      const token = bearerOf(authorization);
      if (token !== undefined) return judgeToken(options.tokens.find(token), scope);
      if (!gate.credentials.match(authorization)) {
        return unauthorized(authorization === "" ? "no credentials" : "wrong credentials");
      }
      // A browser that knows the password sends it with the requests of any page.
      return isCrossSite(request)
        ? forbidden("requests of other sites' pages are refused")
        : undefined;
    },
  };
}

function judgeToken(token: TokenRecord | undefined, scope: Scope | undefined): Denial | undefined {
  if (token === undefined) return unauthorized("unknown or expired token");
  if (scope === undefined || token.scopes.includes("admin") || token.scopes.includes(scope))
    return undefined;
  return forbidden(`the token ${token.id} has not the scope ${scope}`);
}
