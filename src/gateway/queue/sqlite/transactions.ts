import type { DatabaseSync, StatementSync } from "node:sqlite";
import { isNoRoom } from "../../../core/no-room.ts";
import type { Archive } from "./archive.ts";
import type { Store } from "./store.ts";
import type { Timeline } from "./timeline.ts";

/** What can be asked of the database, each with its arguments and its value. */
export interface Operations
  extends Pick<
      Store,
      "enqueue" | "due" | "claim" | "claimCallbacks" | "renew" | "settle" | "stats" | "redrive"
    >,
    Pick<Archive, "find" | "answer" | "deadLetters" | "discard" | "sweep"> {}

export type OperationName = keyof Operations;

export interface Call {
  readonly name: OperationName;
  readonly args: readonly unknown[];
}

/** `isFull`: there is no room on the disk. */
export type Reply =
  | { readonly value: unknown }
  | { readonly failure: string; readonly isFull: boolean };

const READS: ReadonlySet<OperationName> = new Set([
  "due",
  "stats",
  "find",
  "answer",
  "deadLetters",
]);

/**
 * What somebody was told, and what may run from now on: neither may be undone by a loss of power. That of an outcome may, for
 * the invocation then runs once more, with the next attempt's number; the next of these writes it down with its own.
 */
const DURABLE: ReadonlySet<OperationName> = new Set([
  "enqueue",
  "claim",
  "claimCallbacks",
  "redrive",
  "discard",
]);

/** Runs calls in one transaction, so that however many they are the disk is waited for once. */
export class Transactions {
  readonly #store: Store;
  readonly #timeline: Timeline;
  readonly #begin: StatementSync;
  readonly #beginToWrite: StatementSync;
  readonly #commit: StatementSync;
  readonly #database: DatabaseSync;
  /** As `openDatabase` leaves it. */
  #isDurable = true;

  constructor(database: DatabaseSync, store: Store, timeline: Timeline) {
    this.#database = database;
    this.#timeline = timeline;
    this.#store = store;
    this.#begin = database.prepare("BEGIN");
    this.#beginToWrite = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
  }

  /**
   * A call that fails leaves nothing behind and the others alone. Where that cannot be in one transaction, because a full
   * disk has ended it, or the commit fails, each has one of its own. Never throws.
   */
  run(calls: readonly Call[]): Reply[] {
    // Where that cannot be written now, it is with what comes next.
    attempt(() => this.#timeline.follow());
    try {
      const isReading = calls.every(({ name }) => READS.has(name));
      if (!isReading) this.#setDurable(calls.some(({ name }) => DURABLE.has(name)));
      (isReading ? this.#begin : this.#beginToWrite).run();
      const replies = calls.map((call) => this.#runOne(call));
      this.#commit.run();
      return replies;
    } catch (error) {
      const undone = attempt(() => this.#undo("ROLLBACK"));
      if ("value" in undone && calls.length > 1) return calls.flatMap((call) => this.run([call]));
      return calls.map(() => toFailure(error));
    }
  }

  /** In WAL mode `NORMAL` survives the death of every process, and not that of the machine. */
  #setDurable(isDurable: boolean): void {
    if (isDurable === this.#isDurable) return;
    this.#database.exec(`PRAGMA synchronous = ${isDurable ? "FULL" : "NORMAL"}`);
    this.#isDurable = isDurable;
  }

  #runOne(call: Call): Reply {
    if (READS.has(call.name)) return attempt(() => this.#invoke(call));
    this.#database.exec("SAVEPOINT one");
    const reply = attempt(
      () => this.#invoke(call),
      (error) => {
        // What follows would be in no transaction at all.
        if (!this.#database.isTransaction) throw error;
        this.#undo("ROLLBACK TO one");
      },
    );
    this.#database.exec("RELEASE one");
    return reply;
  }

  #invoke({ name, args }: Call): unknown {
    const owner = name in this.#store ? this.#store : this.#store.archive;
    const operations = owner as unknown as Record<string, (...args: readonly unknown[]) => unknown>;
    return operations[name]?.(...args);
  }

  /** The transaction may have ended already. */
  #undo(statement: string): void {
    if (this.#database.isTransaction) this.#database.exec(statement);
    this.#store.archive.forgetCounts();
  }
}

function attempt(act: () => unknown, onError: (error: unknown) => void = () => {}): Reply {
  try {
    return { value: act() };
  } catch (error) {
    onError(error);
    return toFailure(error);
  }
}

const toFailure = (error: unknown): Reply => ({
  failure: (error as Error).message,
  isFull: isNoRoom(error),
});
