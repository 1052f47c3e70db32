import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { AnswerHead } from "./answer-head.ts";

export interface TunnelOptions {
  readonly client: Socket;
  readonly upstream: Duplex;
  /** How long both may be silent; 0: no limit. */
  readonly idleMs: number;
  /** Both are closed. `bytes` is what went to the client. */
  onClosed(bytes: number, isIdle: boolean): void;
}

/** Two connections that are one from now on: each passes on what comes from the other, and ends as the other does. */
export class Tunnel {
  readonly #options: TunnelOptions;
  readonly #timer: NodeJS.Timeout | undefined;
  #bytes = 0;
  #isIdle = false;
  #open = 2;

  constructor(options: TunnelOptions) {
    this.#options = options;
    const { client, upstream, idleMs } = options;
    if (idleMs > 0) this.#timer = setTimeout(() => this.#giveUp(), idleMs);
    upstream.on("data", (chunk: Buffer) => {
      this.#bytes += chunk.length;
      this.#timer?.refresh();
    });
    client.on("data", () => this.#timer?.refresh());
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on("error", () => {});
      from.on("close", () => this.#closed(from, to));
      from.pipe(to);
    }
  }

  close(): void {
    this.#options.upstream.destroy();
    this.#options.client.destroy();
  }

  #giveUp(): void {
    this.#isIdle = true;
    this.close();
  }

  #closed(from: Duplex, to: Duplex): void {
    // What ended by itself has been told to the other, who has a moment to read the rest; what broke takes it along.
    if (!from.readableEnded || from.errored !== null) to.destroy();
    else if (to === this.#options.client) this.#options.client.destroySoon();
    else to.end(() => to.destroy());
    if (--this.#open > 0) return;
    clearTimeout(this.#timer);
    this.#options.onClosed(this.#bytes, this.#isIdle);
  }
}

/** The last that is said in HTTP. */
export function toUpgradeHead({ status, headers, upgrade }: AnswerHead): string {
  let head = `HTTP/1.1 ${status} Switching Protocols\r\nConnection: Upgrade\r\n`;
  if (upgrade !== undefined) head += `Upgrade: ${upgrade}\r\n`;
  for (let index = 0; index < headers.length; index += 2) {
    head += `${headers[index]}: ${headers[index + 1]}\r\n`;
  }
  return `${head}\r\n`;
}
