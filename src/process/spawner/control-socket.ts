import type { Socket } from "node:net";

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
