import { startTestWatchdog, toGet } from "./start-watchdog.ts";
import { bearer, TokenIssuer } from "./token-issuer.ts";

/** A watchdog for `ns:fn` that asks for tokens, and their issuer. The function says how long the token was looked at. */
export async function startGuarded(variables: Readonly<Record<string, string>> = {}) {
  const issuer = await TokenIssuer.start();
  const fprocess = "printenv Http_X_Auth_Seconds";
  const watchdog = await startTestWatchdog({ fprocess, ...issuer.variables, ...variables });
  const ask = async (token: string) => await watchdog.ask(toGet("/", bearer(token)));
  const askFor = async (claims: object) => await ask(await issuer.sign(claims));
  return { issuer, watchdog, ask, askFor };
}
