import { request } from "node:http";

export interface Told {
  readonly status: number;
  readonly body: string;
}

/** On a connection of its own, so that nobody sends it a second time. `undefined`: no answer, or not all of one. */
export function tell(
  port: number,
  method: string,
  path: string,
  body: string | object = "",
  headers: Readonly<Record<string, string>> = {},
): Promise<Told | undefined> {
  const { promise, resolve } = Promise.withResolvers<Told | undefined>();
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const asked = request({
    ...{ host: "127.0.0.1", port, method, path, agent: false, timeout: 120_000 },
    headers: { ...headers, "Content-Length": Buffer.byteLength(text) },
  });
  asked.once("error", () => resolve(undefined));
  asked.once("timeout", () => resolve({ status: 0, body: "no answer in two minutes" }));
  asked.once("response", (response) => {
    let received = "";
    response.setEncoding("utf8").on("data", (chunk) => {
      received += chunk;
    });
    response.once("error", () => resolve(undefined));
    response.once("close", () =>
      resolve(response.complete ? { status: response.statusCode ?? 0, body: received } : undefined),
    );
  });
  asked.end(text);
  return promise;
}
