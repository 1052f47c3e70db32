import { readSync } from "node:fs";
import { connect, type OnReadOpts, type Socket } from "node:net";
import { giveBack } from "../../core/give-back.ts";
import { NO_BYTES } from "../../core/no-bytes.ts";
import type { UpstreamAddress } from "../../core/upstream-address.ts";
import { AnswerParser, type AnswerReceiver } from "./answer-parser.ts";
import { ReadBuffer } from "./read-buffer.ts";

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
  readonly #buffer = new ReadBuffer();
  readonly #parser = new AnswerParser((piece) => this.#buffer.take(piece));
  #asker: Asker | undefined;
  #error: Error | undefined;
  #isReleased = false;

  constructor({ host, port, socketPath }: UpstreamAddress, owner: ConnectionOwner) {
    this.#owner = owner;
    const onread: OnReadOpts = { buffer: () => this.#buffer.bytes, callback: this.#onRead };
    this.socket = connect(
      socketPath === undefined
        ? { host, port, noDelay: true, onread }
        : { path: socketPath, onread },
    );
    this.socket.on("connect", () => {
      this.isConnected = true;
    });
    this.socket.on("error", (error) => {
      this.#error ??= error;
    });
    this.socket.on("drain", this.#onDrain);
    this.socket.on("end", this.#onEnd).on("close", this.#onClose);
  }

  ask(method: string, asker: Asker): void {
    this.isSilent = true;
    this.#asker = asker;
    this.#parser.expect(method, asker);
  }

  /** A string is latin1; a chunk is not the caller's any more. False: wait for `onDrain`. */
  write(bytes: string | Uint8Array): boolean {
    if (typeof bytes === "string") return this.socket.write(bytes, "latin1", this.#onWritten);
    return this.socket.write(bytes, (error) => {
      giveBack(bytes);
      this.#onWritten(error);
    });
  }

  /** The same with a chunk of a body whose length nobody knows. */
  writeChunked(chunk: Uint8Array): boolean {
    this.socket.cork();
    this.write(`${chunk.length.toString(16)}\r\n`);
    this.write(chunk);
    const isTaken = this.write("\r\n");
    this.socket.uncork();
    return isTaken;
  }

  /** Of a body whose length was said: what somebody else can read from the socket now. */
  get bytesLeft(): number {
    const { socket } = this;
    return socket.isPaused() || socket.readableLength > 0 ? 0 : this.#parser.left;
  }

  /** Somebody else reads from the socket, until `takeBack`. */
  lend(): Socket {
    setReading(this.socket, false);
    return this.socket;
  }

  /** So much of the body was read. */
  takeBack(bytes: number): void {
    setReading(this.socket, true);
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
    this.#isReleased = true;
    this.socket.off("drain", this.#onDrain);
    this.socket.off("end", this.#onEnd).off("close", this.#onClose);
    return this.socket;
  }

  close(): void {
    this.#asker = undefined;
    this.#owner.onClosed(this);
    this.socket.destroy();
  }

  /** False: no more for now. */
  readonly #onRead = (length: number): boolean => {
    const bytes = this.#buffer.bytes.subarray(0, length);
    if (this.#isReleased) return this.socket.push(this.#buffer.take(bytes));
    this.#onData(bytes);
    return true;
  };

  readonly #onData = (bytes: Buffer): void => {
    this.isSilent = false;
    try {
      this.#parser.push(bytes);
    } catch (error) {
      this.#break(error as Error);
    }
  };

  /**
   * A write that fails closes the socket. An answer that came before, to a request that was refused in the middle of its
   * body, would be lost: it is still with the kernel.
   */
  readonly #onWritten = (error: Error | null | undefined): void => {
    if (!error || this.#asker === undefined || this.socket.isPaused()) return;
    const { fd = -1 } = handleOf(this.socket) ?? {};
    for (let bytes = readNow(fd); bytes.length > 0; bytes = readNow(fd)) this.#onData(bytes);
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
  readonly fd: number;
  reading: boolean;
  readStart(): void;
  readStop(): void;
}

/** `null`: the socket is closed. */
function handleOf(socket: Socket): ReadHandle | null {
  return (socket as unknown as { readonly _handle: ReadHandle | null })._handle;
}

function setReading(socket: Socket, isReading: boolean): void {
  const handle = handleOf(socket);
  if (handle === null) return;
  handle.reading = isReading;
  if (isReading) handle.readStart();
  else handle.readStop();
}

const LAST_READ_BYTES = 64 * 1024;

/** Empty: nothing is there, or never will be. */
function readNow(fd: number): Buffer {
  if (fd < 0) return NO_BYTES;
  const bytes = Buffer.allocUnsafe(LAST_READ_BYTES);
  try {
    return bytes.subarray(0, readSync(fd, bytes));
  } catch {
    return NO_BYTES;
  }
}
