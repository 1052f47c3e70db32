import { randomUUID } from "node:crypto";
import type { JetStreamManager } from "@nats-io/jetstream";
import { NO_BYTES } from "../../../core/no-bytes.ts";
import type { Journal } from "./journal.ts";
import type { Names } from "./names.ts";

/** Where something is that is in no message of its own. */
export interface BodyReference {
  readonly name: string;
  /** The numbers of its messages, in order. */
  readonly seqs: readonly number[];
}

export interface BodiesOptions {
  readonly journal: Journal;
  readonly manager: JetStreamManager;
  readonly names: Names;
  /** What one message may have. */
  readonly maxMessageBytes: number;
}

const LARGEST_PIECE_BYTES = 512 * 1024;
/** So many pieces of one body are under way at a time. */
const PIECES_AT_A_TIME = 4;
/** What is as old belongs to something that has been written, or never will be. */
const ORPHAN_MS = 60 * 60 * 1000;

/** Bodies of any size, in pieces that fit into messages. Each is written once, before what refers to it. */
export class Bodies {
  readonly #options: BodiesOptions;
  readonly #pieceBytes: number;

  constructor(options: BodiesOptions) {
    this.#options = options;
    // Room for headers and the subject.
    this.#pieceBytes = Math.min(LARGEST_PIECE_BYTES, options.maxMessageBytes - 4 * 1024);
  }

  async write(body: Uint8Array): Promise<BodyReference> {
    const { journal, names } = this.#options;
    const name = `${Date.now()}-${randomUUID()}`;
    const pieces = Math.max(1, Math.ceil(body.byteLength / this.#pieceBytes));
    const seqs = await inTurn(pieces, (index) => {
      const piece = body.subarray(index * this.#pieceBytes, (index + 1) * this.#pieceBytes);
      return journal.write(names.body(name), {}, piece);
    });
    return { name, seqs: seqs as number[] };
  }

  /** `undefined`: it is not there, or not all of it. */
  async read({ seqs }: BodyReference): Promise<Uint8Array | undefined> {
    const pieces = await inTurn(seqs.length, (index) =>
      this.#options.journal.read(seqs[index] as number),
    );
    return pieces.includes(undefined) ? undefined : join(pieces as Uint8Array[]);
  }

  async remove({ name }: BodyReference): Promise<void> {
    const { manager, names } = this.#options;
    await manager.streams.purge(names.bodyStream, { filter: names.body(name) });
  }

  /** Those that were written by somebody who did not live to refer to them. */
  async removeOrphans(inUse: ReadonlySet<string>): Promise<void> {
    const { manager, names } = this.#options;
    const info = await manager.streams.info(names.bodyStream, { subjects_filter: ">" });
    for (const subject of Object.keys(info.state.subjects ?? {})) {
      const name = subject.slice(names.body("").length);
      const age = Date.now() - Number(name.split("-")[0]);
      if (age > ORPHAN_MS && !inUse.has(name)) await this.remove({ name, seqs: [] });
    }
  }
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const [first = NO_BYTES] = pieces;
  return pieces.length === 1 ? first : Buffer.concat(pieces);
}

/** For each number up to `count`, a few at a time. */
async function inTurn<Value>(
  count: number,
  act: (index: number) => Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = [];
  let next = 0;
  const work = async () => {
    while (next < count) {
      const index = next++;
      values[index] = await act(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, PIECES_AT_A_TIME) }, work));
  return values;
}
