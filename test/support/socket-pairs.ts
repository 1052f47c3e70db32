import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createConnection, createServer, type ListenOptions, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** Two connected sockets; whoever holds `near` is what is tested, `far` is the test's. Gone with it. */
export interface SocketPair {
  readonly near: Socket;
  readonly far: Socket;
}

export async function connectPair(listen: ListenOptions = { port: 0 }): Promise<SocketPair> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  server.listen({ host: "127.0.0.1", ...listen });
  await once(server, "listening");
  const address = server.address();
  const far =
    typeof address === "string"
      ? createConnection({ path: address, allowHalfOpen: true })
      : createConnection({ port: address?.port ?? 0, allowHalfOpen: true });
  const [[near]] = (await Promise.all([once(server, "connection"), once(far, "connect")])) as [
    [Socket],
    unknown,
  ];
  server.close();
  for (const socket of [near, far]) socket.on("error", () => {});
  onTestFinished(() => {
    near.destroy();
    far.destroy();
  });
  return { near, far };
}

/** Bytes that are nowhere alike. */
export const anyBytes = (size: number): Buffer => randomBytes(size);

/** What came, without keeping it. */
export class Received {
  size = 0;
  readonly #hash = createHash("sha256");

  constructor(socket?: Socket) {
    socket?.on("data", (chunk: Buffer) => this.add(chunk));
  }

  add(chunk: Buffer): void {
    this.size += chunk.length;
    this.#hash.update(chunk);
  }

  /** Of all so far. */
  get digest(): string {
    return this.#hash.copy().digest("hex");
  }
}

export const digestOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
