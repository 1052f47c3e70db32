import type { Socket } from "node:net";

const MUCH_BYTES = 64 * 1024;

/**
 * After a large read the rest has its turn when all others have had theirs: while more comes, libuv would read on and on. For
 * a function that floods stderr, which comes in frames, whatever there is of it.
 */
export function takeTurns(socket: Socket, readBytes: number): void {
  if (readBytes < MUCH_BYTES) return;
  socket.pause();
  setImmediate(() => socket.resume());
}

/** The control socket's writing side: all frames of one turn leave in one write. */
export class ControlSocket {
  readonly #socket: Socket;
  #isCorked = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  send(frame: Buffer): void {
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#socket.cork();
      process.nextTick(this.#uncork);
    }
    this.#socket.write(frame);
  }

  readonly #uncork = () => {
    this.#isCorked = false;
    this.#socket.uncork();
  };
}
