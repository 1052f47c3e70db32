import { connect, type Socket } from "node:net";
import type { UpstreamAddress } from "../../core/upstream-address.ts";
import { AnswerParser, type AnswerReceiver } from "./answer-parser.ts";

/** Whoever has asked something on a connection. */
export interface Asker extends AnswerReceiver {
  /** The connection takes more of the request. */
  onDrain(): void;
  /** It ended before the answer did. */
  onBroken(error: Error): void;
}

export interface ConnectionOwner {
  /** It can be used again. */
  onIdle(connection: UpstreamConnection): void;
  onClosed(connection: UpstreamConnection): void;
}

/** One connection to the upstream, which answers one request after the other. */
export class UpstreamConnection {
  readonly socket: Socket;
  /** It can be lost without a word of it having reached anybody. */
  isConnected = false;
  /** Nothing has come since it was asked. */
  isSilent = true;
  idleSince = 0;
  readonly #owner: ConnectionOwner;
  readonly #parser = new AnswerParser();
  #asker: Asker | undefined;
  #error: Error | undefined;

  constructor({ host, port, socketPath }: UpstreamAddress, owner: ConnectionOwner) {
    this.#owner = owner;
    this.socket = connect(
      socketPath === undefined ? { host, port, noDelay: true } : { path: socketPath },
    );
    this.socket.on("connect", () => {
      this.isConnected = true;
    });
    this.socket.on("error", (error) => {
      this.#error ??= error;
    });
    this.socket.on("data", this.#onData as (bytes: unknown) => void).on("drain", this.#onDrain);
    this.socket.on("end", this.#onEnd).on("close", this.#onClose);
  }

  ask(method: string, asker: Asker): void {
    this.isSilent = true;
    this.#asker = asker;
    this.#parser.expect(method, asker);
  }

  /** Of a body whose length was said: what somebody else can read from the socket now. */
  get bytesLeft(): number {
    const { socket } = this;
    return socket.isPaused() || socket.readableLength > 0 ? 0 : this.#parser.left;
  }

  /** Somebody else reads from the socket, until `takeBack`. */
  lend(): Socket {
    const handle = handleOf(this.socket);
    handle.reading = false;
    handle.readStop();
    return this.socket;
  }

  /** So much of the body was read. */
  takeBack(bytes: number): void {
    const handle = handleOf(this.socket);
    handle.reading = true;
    handle.readStart();
    this.#parser.skip(bytes);
  }

  /** The answer is here. `isDone`: so is all of the request. */
  leave(isDone: boolean): void {
    this.#asker = undefined;
    if (isDone && this.#parser.isKept && !this.socket.readableEnded) this.#owner.onIdle(this);
    else this.close();
  }

  /** Another protocol goes on with it. */
  release(): Socket {
    this.#asker = undefined;
    this.#owner.onClosed(this);
    this.socket.off("data", this.#onData).off("drain", this.#onDrain);
    this.socket.off("end", this.#onEnd).off("close", this.#onClose);
    return this.socket;
  }

  close(): void {
    this.#asker = undefined;
    this.#owner.onClosed(this);
    this.socket.destroy();
  }

  readonly #onData = (bytes: Buffer): void => {
    this.isSilent = false;
    try {
      this.#parser.push(bytes);
    } catch (error) {
      this.#break(error as Error);
    }
  };

  readonly #onDrain = (): void => this.#asker?.onDrain();

  readonly #onEnd = (): void => {
    if (this.#asker === undefined) this.close();
    else if (!this.#parser.end()) this.#break(new Error("the upstream closed the connection"));
  };

  readonly #onClose = (): void => {
    this.#break(this.#error ?? new Error("the connection to the upstream was lost"));
  };

  #break(error: Error): void {
    const asker = this.#asker;
    this.close();
    asker?.onBroken(error);
  }
}

/** Pausing a socket would leave one read's worth in its buffer. */
interface ReadHandle {
  reading: boolean;
  readStart(): void;
  readStop(): void;
}

function handleOf(socket: Socket): ReadHandle {
  return (socket as unknown as { readonly _handle: ReadHandle })._handle;
}
