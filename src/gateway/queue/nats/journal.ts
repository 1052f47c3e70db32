import {
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
} from "@nats-io/jetstream";
import { headers, type MsgHdrs } from "@nats-io/transport-node";
import { NO_BYTES } from "../../../core/no-bytes.ts";

/** A message as it is kept: what it says is in a header, so that whoever follows need not read the body. */
export interface Entry {
  readonly subject: string;
  readonly seq: number;
  readonly said: unknown;
}

const HEADER = "Breeze-Says";
/** For a large body on a slow disk, too. */
const TIMEOUT_MS = 10_000;

/** One stream of JetStream, of each of whose subjects the last message counts. What rejects does so with the client's errors. */
export class Journal {
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #stream: string;

  constructor(client: JetStreamClient, manager: JetStreamManager, stream: string) {
    this.#client = client;
    this.#manager = manager;
    this.#stream = stream;
  }

  /** Resolves with its number. `undefined`: the subject's last message is not `lastSeq`, and nothing was written. */
  async write(
    subject: string,
    said: unknown,
    body: Uint8Array,
    lastSeq?: number,
  ): Promise<number | undefined> {
    const head = headers();
    head.set(HEADER, JSON.stringify(said));
    const expect = lastSeq === undefined ? {} : { expect: { lastSubjectSequence: lastSeq } };
    try {
      const options = { headers: head, timeout: TIMEOUT_MS, ...expect };
      return (await this.#client.publish(subject, body, options)).seq;
    } catch (error) {
      if (isCode(error, WRONG_LAST)) return undefined;
      throw error;
    }
  }

  /** The body of a message. `undefined`: it is not there any more. */
  async read(seq: number): Promise<Uint8Array | undefined> {
    const found = await this.#manager.direct.getMessage(this.#stream, { seq });
    // A server that has a copy may be behind the one that leads.
    return (found ?? (await this.#get({ seq })))?.data;
  }

  async last(subject: string): Promise<Entry | undefined> {
    const found = await this.#get({ last_by_subj: subject });
    return found && { subject, seq: found.seq, said: readSaid(found.header) };
  }

  /** One that is gone already is as good. */
  async remove(seq: number): Promise<void> {
    try {
      await this.#manager.streams.deleteMessage(this.#stream, seq, false);
    } catch (error) {
      if (!isCode(error, NOT_FOUND)) throw error;
    }
  }

  /**
   * Tells of each subject's last message and then of what is written, in order. Resolves when all is told that was there at
   * the beginning. `onEnd`: nothing is told any more, but by the end of the connection.
   */
  async follow(
    mark: string,
    onEntry: (entry: Entry) => void,
    onEnd: (error: Error) => void,
  ): Promise<void> {
    const consumer = await this.#client.consumers.getPushConsumer(this.#stream, {
      deliver_policy: DeliverPolicy.All,
      filter_subjects: ">",
      headers_only: true,
    });
    let seen = 0;
    let whenSeen = () => {};
    const messages = await consumer.consume({
      callback({ subject, seq, headers: head }) {
        onEntry({ subject, seq, said: readSaid(head) });
        seen = seq;
        whenSeen();
      },
    });
    const ended = messages.closed().then((error) => {
      const end = error instanceof Error ? error : new Error("NATS tells of nothing any more");
      onEnd(end);
      throw end;
    });
    ended.catch(() => {});
    const marked = (await this.write(mark, {}, NO_BYTES)) as number;
    const caughtUp = new Promise<void>((resolve) => {
      whenSeen = () => {
        if (seen >= marked) resolve();
      };
      whenSeen();
    });
    await Promise.race([caughtUp, ended]);
  }

  async #get(query: { seq: number } | { last_by_subj: string }) {
    try {
      return (await this.#manager.streams.getMessage(this.#stream, query)) ?? undefined;
    } catch (error) {
      if (isCode(error, NOT_FOUND)) return undefined;
      throw error;
    }
  }
}

const WRONG_LAST: readonly number[] = [
  JetStreamApiCodes.StreamWrongLastSequence,
  JetStreamApiCodes.StreamWrongLastSequenceUnknown,
];
/** The last one is what a server says of a number that it has deleted. */
const NOT_FOUND: readonly number[] = [JetStreamApiCodes.NoMessageFound, 10057];

const isCode = (error: unknown, codes: readonly number[]): boolean =>
  error instanceof JetStreamApiError && codes.includes(error.code);

function readSaid(head: MsgHdrs | undefined): unknown {
  return JSON.parse(head?.get(HEADER) || "null");
}
