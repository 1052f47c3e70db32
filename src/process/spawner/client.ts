import { constants } from "node:os";
import { createFailedRun } from "../failed-run.ts";
import type { Processes, ProcessesEvents, Run, RunListener, RunOptions } from "../run.ts";
import { toSignalName } from "../signal-text.ts";
import type { SpliceSockets } from "../splice.ts";
import { toOutcome } from "../wait-status.ts";
import type { SpawnerConnection, SpawnerReceiver } from "./connection.ts";
import { FrameReader } from "./frame-reader.ts";
import * as frames from "./frames.ts";
import type { PipeName } from "./handle-channel.ts";
import { killLeftovers } from "./leftovers.ts";
import type { PipeHandle } from "./pipe-handle.ts";
import { RunTable } from "./run-table.ts";
import { SpawnedRun } from "./spawned-run.ts";
import { Splices } from "./splices.ts";

/** How long closing waits for the last session, in milliseconds. */
const CLOSE_LIMIT_MS = 2000;

/** Makes processes by telling the spawner: one write for a small request, one read for its answer. */
export class SpawnerClient implements Processes, SpawnerReceiver {
  readonly name = "spawner";
  readonly lacks = Object.freeze([]);
  readonly #connection: SpawnerConnection;
  readonly #marker: string;
  readonly #events: ProcessesEvents;
  readonly #send: (frame: Buffer) => void;
  readonly #splices: Splices;
  readonly #runs = new RunTable<SpawnedRun>();
  readonly #reader = new FrameReader((bytes, start, end) => this.#receive(bytes, start, end));
  readonly #idle = Promise.withResolvers<void>();
  #isClosing = false;
  #hasEnded = false;

  /** `marker` is in the environment of every process, and of nobody else's. */
  constructor(connection: SpawnerConnection, marker: string, events: ProcessesEvents) {
    this.#connection = connection;
    this.#marker = marker;
    this.#events = events;
    this.#send = (frame) => connection.send(frame);
    this.#splices = new Splices(connection.sendHandle);
    connection.connect(this);
  }

  start(options: RunOptions, listener: RunListener): Run {
    const id = this.#isClosing || this.#hasEnded ? undefined : this.#runs.nextId();
    if (id === undefined) {
      return createFailedRun(listener, () => constants.errno.EAGAIN);
    }
    const frame = frames.encodeStart(id, options);
    if (frame === undefined) {
      return createFailedRun(listener, () => constants.errno.E2BIG);
    }
    const run = new SpawnedRun(id, options.body !== undefined, this.#send, listener);
    this.#runs.add(run);
    this.#send(frame);
    return run;
  }

  readonly splice: SpliceSockets = (from, to, bytes, onOver) =>
    this.#splices.start(from, to, bytes, onOver);

  async close(): Promise<void> {
    this.#isClosing = true;
    if (!this.#hasEnded && this.#runs.size > 0) {
      for (const run of this.#runs.all()) {
        run.kill();
      }
      const limit = setTimeout(() => this.#idle.resolve(), CLOSE_LIMIT_MS);
      await this.#idle.promise;
      clearTimeout(limit);
    }
    await this.#connection.close();
    this.#abandonRuns();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  onBytes(bytes: Buffer): void {
    if (!this.#hasEnded && !this.#reader.push(bytes)) {
      this.onEnded("it sent a frame that cannot be");
    }
  }

  onHandle({ id, fd }: PipeName, handle: PipeHandle): void {
    const run = this.#runs.find(id);
    if (run === undefined) {
      handle.close();
    } else {
      run.receiveHandle(fd, handle);
    }
  }

  onHandleLost({ id }: PipeName): void {
    this.#runs.find(id)?.fail(constants.errno.EMFILE);
  }

  onEnded(reason: string): void {
    if (this.#hasEnded) {
      return;
    }
    this.#hasEnded = true;
    killLeftovers(this.#marker);
    this.#abandonRuns();
    if (!this.#isClosing) {
      this.#events.onLost(`the spawner has ended: ${reason}`);
    }
  }

  #receive(bytes: Buffer, start: number, end: number): void {
    const type = bytes[start + 8];
    if (type === frames.SPLICED) {
      this.#splices.receive(bytes, start, end);
      return;
    }
    const run = this.#runs.find(bytes.readUInt32LE(start + 4));
    if (run === undefined) {
      this.#receiveGeneral(type, bytes, start, end);
    } else if (run.awaitsInputPipe && (type === frames.EXITED || type === frames.GONE)) {
      // First whether its input has been lost: the other socket is read in this very turn.
      const frame = Buffer.from(bytes.subarray(start, end));
      setImmediate(() => this.#receiveAbout(run, type, frame, 0, frame.length));
    } else {
      this.#receiveAbout(run, type, bytes, start, end);
    }
  }

  #receiveAbout(
    run: SpawnedRun,
    type: number | undefined,
    bytes: Buffer,
    start: number,
    end: number,
  ): void {
    if (type === frames.EXITED) {
      this.#exited(run, bytes, start, end);
    } else if (type === frames.OUT) {
      run.receiveOut(bytes, start, end);
    } else if (type === frames.GONE) {
      this.#gone(run);
    } else if (type === frames.PASSED) {
      run.outputIsPassed();
    } else if (type === frames.EXPIRED) {
      run.expired();
    }
  }

  #exited(run: SpawnedRun, bytes: Buffer, start: number, end: number): void {
    const flags = bytes[start + 9] as number;
    if (end > start + frames.HELD_OUTPUT_OFFSET) {
      run.receiveOutput(Buffer.from(bytes.subarray(start + frames.HELD_OUTPUT_OFFSET, end)));
    }
    const outcome =
      (flags & frames.EXEC_FAILED) === 0
        ? toOutcome(bytes.readUInt32LE(start + 12))
        : ({ kind: "spawnFailed", errno: bytes.readUInt16LE(start + 10) } as const);
    run.exited(outcome, frames.decodeBill(bytes, start));
    if ((flags & frames.ALSO_GONE) !== 0) {
      this.#gone(run);
    }
  }

  #gone(run: SpawnedRun): void {
    // A frame that was put off may find that the spawner has ended in the meantime.
    if (this.#runs.find(run.id) !== run) {
      return;
    }
    this.#runs.remove(run);
    run.gone();
    if (this.#isClosing && this.#runs.size === 0) {
      this.#idle.resolve();
    }
  }

  #receiveGeneral(type: number | undefined, bytes: Buffer, start: number, end: number): void {
    if (type === frames.WARNING) {
      this.#events.onWarning(bytes.toString("utf8", start + frames.HEADER_BYTES, end));
    } else if (type === frames.SIGNAL) {
      const signal = toSignalName(bytes.readUInt32LE(start + 12));
      if (signal !== undefined) {
        this.#events.onSignal(signal);
      }
    }
  }

  #abandonRuns(): void {
    for (const run of this.#runs.all()) {
      this.#runs.remove(run);
      run.abandon();
    }
    this.#idle.resolve();
  }
}
