import type { Server } from "node:net";
import { BreezeError } from "../core/errors.ts";

export interface ListenOptions {
  readonly port: number;
  /** `undefined`: all interfaces, both address families. */
  readonly host: string | undefined;
  /** The variable that names the port, for whoever has to choose another. */
  readonly variable: string;
}

/** Listens, and resolves with the port, which 0 leaves to the system. Rejects with `LISTEN_FAILED`. */
export async function listen(server: Server, options: ListenOptions): Promise<number> {
  const { port, host } = options;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(host === undefined ? { port } : { port, host }, resolve);
  try {
    await promise;
  } catch (cause) {
    throw toListenFailed(cause as NodeJS.ErrnoException, options);
  }
  server.off("error", reject);
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "something else listens there",
  EACCES: "that is not allowed",
  EADDRNOTAVAIL: "there is no such address here",
  ENOTFOUND: "there is no such host",
};

const HOST_FAULTS: ReadonlySet<string> = new Set(["EADDRNOTAVAIL", "ENOTFOUND", "EAI_AGAIN"]);

function toListenFailed(
  cause: NodeJS.ErrnoException,
  { port, host, variable }: ListenOptions,
): BreezeError {
  const where = host === undefined ? `port ${port}` : `port ${port} of ${host}`;
  const reason = REASONS[cause.code ?? ""] ?? cause.message;
  const named = HOST_FAULTS.has(cause.code ?? "") ? "host" : variable;
  const message = `Cannot listen on ${where} (variable ${named}): ${reason}.`;
  return new BreezeError("LISTEN_FAILED", message, { cause });
}
