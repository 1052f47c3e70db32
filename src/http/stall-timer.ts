import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How often a client is looked at in the time that it has. */
const LOOKS = 10;
const SHORTEST_MS = 20;
const LONGEST_MS = 1_000;

/** Resets the connection of a client that takes nothing of an answer for `timeoutMs`; 0: it need not. */
export class StallTimer {
  readonly #response: ServerResponse;
  readonly #socket: Socket;
  readonly #timeoutMs: number;
  #timer: NodeJS.Timeout | undefined;
  #taken = 0;
  /** Looks since it has taken something: a time would be wrong where it is this process that stood still. */
  #looks = 0;

  constructor(response: ServerResponse, socket: Socket, timeoutMs: number) {
    this.#response = response;
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
  }

  /** Something waits for the client. Stops by itself when nothing does. */
  start(): void {
    if (this.#timeoutMs === 0 || this.#timer !== undefined) return;
    const everyMs = Math.min(Math.max(this.#timeoutMs / LOOKS, SHORTEST_MS), LONGEST_MS);
    this.#taken = takenBytes(this.#socket);
    this.#looks = 0;
    this.#timer = setInterval(() => this.#look(everyMs), everyMs).unref();
  }

  #look(everyMs: number): void {
    if (this.#response.writableLength === 0 || this.#socket.destroyed) {
      this.#stop();
      return;
    }
    const taken = takenBytes(this.#socket);
    this.#looks = taken === this.#taken ? this.#looks + 1 : 0;
    this.#taken = taken;
    if (this.#looks * everyMs < this.#timeoutMs) return;
    this.#stop();
    this.#socket.resetAndDestroy();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** By the kernel. Node says it of whole pieces only, but looks at this itself to tell whether a socket is idle. */
function takenBytes(socket: Socket): number {
  const { _handle } = socket as {
    _handle?: { bytesWritten: number; writeQueueSize: number } | null;
  };
  return _handle ? _handle.bytesWritten - _handle.writeQueueSize : 0;
}
