import { LogSink } from "../core/log-sink.ts";
import type { Log } from "./log.ts";

const STDOUT = 1;

/** The log of what a function writes to stdout where that is no answer: on our own stdout, opened when there is something. */
export class OutputLog {
  readonly #create: (sink: LogSink) => Log;
  #opened: { readonly sink: LogSink; readonly log: Log } | undefined;

  constructor(create: (sink: LogSink) => Log) {
    this.#create = create;
  }

  get log(): Log {
    this.#opened ??= this.#open();
    return this.#opened.log;
  }

  /** Writes what is left, for as long as somebody reads it. */
  async close(): Promise<void> {
    await this.#opened?.log.settled();
    await this.#opened?.sink.close();
  }

  #open() {
    // What nobody reads is dropped here too; what is said of it belongs to the other log.
    const sink = new LogSink({ descriptor: STDOUT, onResume() {} });
    return { sink, log: this.#create(sink) };
  }
}
