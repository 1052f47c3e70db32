import type { UpstreamAddress } from "../../core/upstream-address.ts";
import { type ConnectionOwner, UpstreamConnection } from "./upstream-connection.ts";

/** Ours ends before that of any server that the same machine would run: whole seconds are usual there, two the least. */
const IDLE_MS = 1_000;
/** No server ends a connection so soon behind an answer without having said so in it, but those that always do. */
const FRESH_MS = 20;

/** A request whose own connection is not there yet. */
export interface Connecting {
  /** One that was in use is free, and can be used instead. */
  onFree(connection: UpstreamConnection): void;
}

/** Connections to one upstream: as many as there are requests at a time, and kept for a moment behind them. */
export class UpstreamPool implements ConnectionOwner {
  readonly #address: UpstreamAddress;
  readonly #all = new Set<UpstreamConnection>();
  /** The one that was used last is at the end, and is used first. */
  readonly #idle: UpstreamConnection[] = [];
  /** The first of them has waited longest. */
  readonly #connecting = new Set<Connecting>();
  #sweeper: NodeJS.Timeout | undefined;
  /** The upstream has ended a connection right behind an answer that did not say so: it will again. */
  #endsUnsaid = false;

  constructor(address: UpstreamAddress) {
    this.#address = address;
  }

  /** One that is kept, or else a new one. */
  take(): UpstreamConnection {
    return this.#idle.pop() ?? this.takeNew();
  }

  takeNew(): UpstreamConnection {
    const connection = new UpstreamConnection(this.#address, this);
    this.#all.add(connection);
    return connection;
  }

  /** Whether one that is kept may have ended, with nobody having heard of it yet: not one that answered just now. */
  mayHaveEnded({ idleSince }: UpstreamConnection): boolean {
    return this.#endsUnsaid || performance.now() - idleSince > FRESH_MS;
  }

  /** Until `connected`, or until it is told of a free connection, whichever comes first. */
  connecting(request: Connecting): void {
    this.#connecting.add(request);
  }

  connected(request: Connecting): void {
    this.#connecting.delete(request);
  }

  onIdle(connection: UpstreamConnection): void {
    connection.idleSince = performance.now();
    this.#idle.push(connection);
    // Not before all is read that came with the answer: what is more than that must not answer somebody else.
    if (this.#connecting.size > 0) setImmediate(handOver, this);
    this.#sweeper ??= setInterval(() => this.#sweep(), IDLE_MS / 2).unref();
  }

  onClosed(connection: UpstreamConnection): void {
    if (!this.#all.delete(connection)) return;
    const index = this.#idle.lastIndexOf(connection);
    if (index < 0) return;
    this.#idle.splice(index, 1);
    this.#endsUnsaid ||= performance.now() - connection.idleSince <= FRESH_MS;
  }

  handOver(): void {
    for (const request of this.#connecting) {
      const connection = this.#idle.pop();
      if (connection === undefined) return;
      this.#connecting.delete(request);
      request.onFree(connection);
    }
  }

  close(): void {
    clearInterval(this.#sweeper);
    for (const connection of this.#all) connection.close();
  }

  #sweep(): void {
    const oldest = performance.now() - IDLE_MS / 2;
    const old = this.#idle.filter(({ idleSince }) => idleSince < oldest);
    for (const connection of old) connection.close();
    if (this.#idle.length > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }
}

const handOver = (pool: UpstreamPool) => pool.handOver();
