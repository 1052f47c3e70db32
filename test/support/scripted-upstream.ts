import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { type StartedWatchdog, startTestWatchdog } from "./start-watchdog.ts";
import { until } from "./until.ts";

/** One connection of the watchdog's. */
export interface UpstreamConnection {
  readonly socket: Socket;
  /** All that came, one character a byte. */
  received: string;
  isClosed: boolean;
}

/** An upstream whose every byte the test decides. */
export class ScriptedUpstream {
  readonly port: number;
  readonly connections: UpstreamConnection[] = [];
  readonly #server: Server;

  private constructor(port: number, server: Server) {
    this.port = port;
    this.#server = server;
  }

  /** `onData`: called with each piece that comes. */
  static async listen(
    onData: (connection: UpstreamConnection, piece: string) => void,
  ): Promise<ScriptedUpstream> {
    const server = createServer({ allowHalfOpen: true });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const upstream = new ScriptedUpstream((server.address() as AddressInfo).port, server);
    server.on("connection", (socket) => {
      const connection = { socket, received: "", isClosed: false };
      upstream.connections.push(connection);
      socket.setEncoding("latin1");
      socket.on("data", (piece: string) => {
        connection.received += piece;
        onData(connection, piece);
      });
      socket.on("end", () => socket.end());
      socket.on("error", () => {});
      socket.on("close", () => {
        connection.isClosed = true;
      });
    });
    onTestFinished(() => upstream.close());
    return upstream;
  }

  /** The connections that were asked something: the watchdog looks whether anybody listens, too. */
  get asked(): UpstreamConnection[] {
    return this.connections.filter(({ received }) => received !== "");
  }

  /** Nobody listens any more. */
  async leave(): Promise<void> {
    this.close();
    await once(this.#server, "close");
  }

  async comeBack(): Promise<void> {
    this.#server.listen(this.port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  close(): void {
    this.#server.close();
    for (const { socket } of this.connections) socket.destroy();
  }
}

export interface Proxy {
  readonly watchdog: StartedWatchdog;
  readonly upstream: ScriptedUpstream;
}

/** A watchdog whose function does nothing, before an upstream that the test answers for. */
export async function startProxy(
  onData: (connection: UpstreamConnection, piece: string) => void,
  variables: Readonly<Record<string, string>> = {},
): Promise<Proxy> {
  const upstream = await ScriptedUpstream.listen(onData);
  const watchdog = await startTestWatchdog({
    mode: "http",
    fprocess: "cat",
    upstream_url: `http://127.0.0.1:${upstream.port}`,
    ...variables,
  });
  return { watchdog, upstream };
}

/** Answers each request whose head has come with the same bytes. */
export const always =
  (answer: string) =>
  ({ socket }: UpstreamConnection, piece: string): void => {
    if (piece.includes("\r\n\r\n")) socket.write(answer, "latin1");
  };

/** What a request's head said, by line, once it has come whole. */
export async function headLines(upstream: ScriptedUpstream, index = 0): Promise<string[]> {
  await until("a request at the upstream", () => headEnd(upstream, index) >= 0);
  const { received } = upstream.asked[index] as UpstreamConnection;
  return received.slice(0, headEnd(upstream, index)).split("\r\n");
}

const headEnd = (upstream: ScriptedUpstream, index: number): number =>
  upstream.asked[index]?.received.indexOf("\r\n\r\n") ?? -1;

export const OK = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";
