import type { IncomingMessage } from "node:http";
import { Chunks } from "../core/chunks.ts";
import { NO_BYTES } from "../core/no-bytes.ts";
import type { BodyMemory } from "./body-memory.ts";
import type { Exchange } from "./exchange.ts";
import type { SpoolFile, SpoolFolder } from "./spool.ts";
import { StoredBody } from "./stored-body.ts";

/**
 * The body, where it came in the same read as its head. Asked for one tick behind the head: node's parser hands on what it
 * has read piece by piece.
 */
export function arrivedBody(exchange: Exchange): Buffer | undefined {
  const { request, head } = exchange;
  if (head.bodyLength === 0) return NO_BYTES;
  if (!request.complete && request.readableLength !== head.bodyLength) return undefined;
  const first: Buffer | null = request.read();
  if (first === null) return NO_BYTES;
  return request.readableLength === 0 ? first : Buffer.concat([first, ...readRest(request)]);
}

/** The same for who passes the request on: trailers need chunks to stand behind, and a body that is here has none. */
export function arrivedWithoutTrailers(exchange: Exchange): Buffer | undefined {
  return exchange.request.rawTrailers.length > 0 ? undefined : arrivedBody(exchange);
}

/** A read may give one piece of several. */
function* readRest(request: IncomingMessage): Generator<Buffer> {
  for (let piece = request.read(); piece !== null; piece = request.read()) yield piece;
}

/** A write for each smaller piece would be more work than they are worth. */
const LEAST_SPOOLED_BYTES = 16 * 1024;

export interface BodyOptions {
  /** `undefined`: no limit. */
  readonly maxBytes: number | undefined;
  /** Up to this it is handed over in one piece. */
  readonly smallBytes: number;
  /** Beyond this it goes to a file. */
  readonly memoryBytes: number;
  /** Of all bodies together: while it is full one goes to a file as soon as it is no small one. */
  readonly memory: BodyMemory;
  readonly spool: SpoolFolder;
}

export interface BodyReceiver {
  /** All of it is here. */
  onBody(body: Buffer | StoredBody): void;
  onBodyTooLarge(): void;
}

/** Collects a body that takes its time, and calls the receiver once. That it fails is for the exchange to tell. */
export class BodyCollector {
  /** What has come so far. */
  size = 0;
  readonly #exchange: Exchange;
  readonly #options: BodyOptions;
  readonly #receiver: BodyReceiver;
  readonly #onData = (chunk: Buffer) => this.#add(chunk);
  readonly #onEnd = () => this.#complete();
  readonly #chunks = new Chunks();
  #file: SpoolFile | undefined;
  #isSpooling = true;
  #isOver = false;

  constructor(exchange: Exchange, options: BodyOptions, receiver: BodyReceiver) {
    this.#exchange = exchange;
    this.#options = options;
    this.#receiver = receiver;
    exchange.request.on("data", this.#onData).on("end", this.#onEnd);
  }

  /** Throws away what has been collected. */
  stop(): void {
    if (this.#isOver) return;
    this.#leave();
    this.#file?.close();
    this.#options.memory.release(this.#chunks.size);
    // Otherwise it is little, and may just be on its way to the file.
    if (!this.#isSpooling) this.#chunks.discard();
  }

  #leave(): void {
    this.#isOver = true;
    this.#exchange.request.off("data", this.#onData).off("end", this.#onEnd);
  }

  #add(chunk: Buffer): void {
    const { maxBytes, memory } = this.#options;
    this.size += chunk.length;
    if (maxBytes !== undefined && this.size > maxBytes) {
      this.stop();
      this.#receiver.onBodyTooLarge();
      return;
    }
    memory.hold(chunk.length);
    this.#chunks.push(chunk);
    if (this.#isSpooling && this.#chunks.size > this.#mostInMemory()) this.#spool();
  }

  /** What is small when it is complete is handed over in one piece, and so is none of it in a file. */
  #mostInMemory(): number {
    const { memoryBytes, memory, smallBytes } = this.#options;
    if (!memory.isFull) return memoryBytes;
    return this.#exchange.head.bodyLength > smallBytes ? LEAST_SPOOLED_BYTES : smallBytes;
  }

  /** Moves what is in memory to the file, and takes nothing meanwhile. */
  #spool(): void {
    this.#exchange.holdBack();
    if (this.#file !== undefined) {
      this.#append(this.#file);
      return;
    }
    this.#options.spool.createFile((file) => {
      if (this.#isOver) file?.close();
      else if (file === undefined) this.#stayInMemory();
      else this.#append(file);
    });
  }

  #append(file: SpoolFile): void {
    this.#file = file;
    file.append(this.#chunks.toArray(), (error) => {
      if (this.#isOver) return;
      if (error === null) {
        this.#options.memory.release(this.#chunks.size);
        this.#chunks.discard();
        this.#exchange.goOn();
      } else {
        this.#options.spool.failed(error);
        this.#stayInMemory();
      }
    });
  }

  #stayInMemory(): void {
    this.#isSpooling = false;
    this.#exchange.goOn();
  }

  #complete(): void {
    this.#leave();
    const { memory, smallBytes } = this.#options;
    const held = this.#chunks.size;
    const chunks = this.#chunks.toArray();
    if (this.size > smallBytes) {
      const release = () => memory.release(held);
      this.#receiver.onBody(new StoredBody(this.size, this.#file, chunks, release));
    } else {
      memory.release(held);
      this.#receiver.onBody(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    }
  }
}
