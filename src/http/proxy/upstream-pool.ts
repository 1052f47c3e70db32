import type { UpstreamAddress } from "../../core/upstream-address.ts";
import { type ConnectionOwner, UpstreamConnection } from "./upstream-connection.ts";

/** Ours ends before that of any server that the same machine would run: whole seconds are usual there, two the least. */
const IDLE_MS = 1_000;

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
    if (index >= 0) this.#idle.splice(index, 1);
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
