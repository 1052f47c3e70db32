import { once } from "node:events";
import { type IncomingMessage, request as requestPlainly } from "node:http";
import { request as requestWithTls } from "node:https";
import { isIP } from "node:net";
import { hostOf } from "./callback-url.ts";

/**
 * Posts to this address, whatever the URL's name resolves to by now; certificates are checked against the name. Resolves
 * with the status: redirects are not followed, and the answer's body is not read.
 */
export async function postTo(
  address: string,
  url: URL,
  headers: readonly string[],
  body: Uint8Array,
  signal: AbortSignal,
): Promise<number> {
  const name = hostOf(url);
  const isTls = url.protocol === "https:";
  const request = (isTls ? requestWithTls : requestPlainly)({
    method: "POST",
    host: address,
    port: url.port === "" ? (isTls ? 443 : 80) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    headers: [...headers, "Host", url.host, "Connection", "close"],
    // Neither kept, nor through a proxy that the environment names: that would resolve the name once more.
    agent: false,
    signal,
    ...(isTls && isIP(name) === 0 ? { servername: name } : {}),
  });
  try {
    request.end(body);
    // Whoever answers 101 makes it no response but an upgrade, behind which no failure is told of any more.
    const [response] = (await Promise.race(
      ["response", "upgrade"].map((event) => once(request, event, { signal })),
    )) as [IncomingMessage];
    return response.statusCode ?? 0;
  } finally {
    // What comes late must not be an error that nobody hears.
    request.on("error", () => {}).destroy();
  }
}
