import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as a function got it. */
export interface Seen {
  /** Whose request it was. */
  readonly function: string;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Names and values, in turn. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** What all functions are: `/NAME` before a path says for which of them it is. Each gives back what it is sent. */
export class EchoServer {
  readonly #server: Server;
  readonly #onSeen: (seen: Seen) => void;

  private constructor(onSeen: (seen: Seen) => void) {
    this.#onSeen = onSeen;
    this.#server = createServer({ maxHeaderSize: 4 * 1024 * 1024, requestTimeout: 0 });
    this.#server.on("request", (request, response) => void this.#echo(request, response));
    // Whoever wants another protocol gets one that says nothing.
    this.#server.on("upgrade", (request, socket) => {
      this.#onSeen(toSeen(request, ""));
      socket.on("error", () => {});
      socket.end("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
    });
  }

  static async start(onSeen: (seen: Seen) => void): Promise<EchoServer> {
    const echo = new EchoServer(onSeen);
    echo.#server.listen(0, "127.0.0.1");
    await once(echo.#server, "listening");
    return echo;
  }

  /** Where a function of this name is. */
  urlOf(name: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${name}`;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request.setEncoding("latin1")).catch(() => undefined);
    // It was given up on its way, and is looked at all the same.
    const seen = toSeen(request, body ?? "");
    this.#onSeen(seen);
    if (body === undefined) return;
    response.setHeader("X-Echo", seen.function);
    response.setHeader("Content-Type", "application/json");
    response.end(Buffer.from(JSON.stringify(seen), "latin1"));
  }
}

function toSeen({ method = "", url = "", rawHeaders }: IncomingMessage, body: string): Seen {
  const [, name = "", target = ""] = /^\/([^/?]*)(.*)$/s.exec(url) ?? [];
  return { function: name, method, target, headers: rawHeaders, body };
}
