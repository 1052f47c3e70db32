import type { Socket } from "node:net";
import { NO_BYTES } from "../../core/no-bytes.ts";
import type { Splice } from "../splice.ts";
import { HEADER_BYTES } from "./frames.ts";
import type { SendHandle } from "./handle-channel.ts";

type OnOver = (taken: number, rest: Buffer) => void;

const FROM = 0;
const TO = 1;

/** The sockets that the spawner was handed, until it gives them back. What is asked goes over the handle channel, in order. */
export class Splices {
  readonly #send: SendHandle;
  readonly #active = new Map<number, OnOver>();
  #lastId = 0;

  constructor(send: SendHandle) {
    this.#send = send;
  }

  start(from: Socket, to: Socket, bytes: number, onOver: OnOver): Splice {
    const id = this.#nextId();
    this.#active.set(id, onOver);
    this.#hand(id, FROM, 0, from);
    this.#hand(id, TO, bytes, to);
    return { stop: () => this.#stop(id) };
  }

  /** A frame `SPLICED`. */
  receive(bytes: Buffer, start: number, end: number): void {
    const id = bytes.readUInt32LE(start + 4);
    const onOver = this.#active.get(id);
    this.#active.delete(id);
    const payload = start + HEADER_BYTES;
    const taken = bytes.readUInt32LE(payload) + bytes.readUInt32LE(payload + 4) * 0x1_0000_0000;
    onOver?.(taken, Buffer.from(bytes.subarray(payload + 8, end)));
  }

  #hand(id: number, end: number, bytes: number, socket: Socket): void {
    this.#send({ splice: [id, end, bytes] }, handleOf(socket), (error) => {
      const onOver = this.#active.get(id);
      if (error === null || onOver === undefined) return;
      this.#stop(id);
      onOver(0, NO_BYTES);
    });
  }

  #stop(id: number): void {
    if (this.#active.delete(id)) this.#send({ splice: [id, 0, 0] }, undefined, () => {});
  }

  #nextId(): number {
    do this.#lastId = (this.#lastId % 0xffff_ffff) + 1;
    while (this.#active.has(this.#lastId));
    return this.#lastId;
  }
}

/** A socket that is sent itself would be closed behind, and its server would count. */
function handleOf(socket: Socket): unknown {
  return (socket as unknown as { readonly _handle: unknown })._handle;
}
