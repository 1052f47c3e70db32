import type { Exchange } from "../../http/exchange.ts";
import type { BodyFailure, ExchangeListener } from "../../http/exchange-listener.ts";
import { ProxiedRequest } from "../../http/proxy/proxied-request.ts";
import { BodyIntake } from "./body-intake.ts";
import type { InvocationContext } from "./context.ts";
import {
  bodyFailed,
  type Failure,
  noReplica,
  noReplicaCame,
  noSuchFunction,
  tooLate,
  unreachable,
} from "./failure.ts";
import type { KnownFunction } from "./known-function.ts";
import { LoadShare } from "./load-share.ts";
import { findFunction, isKnown, lookUpFunction } from "./look-up.ts";
import { Relay } from "./relay.ts";
import type { Replica } from "./replica.ts";
import { toReplicaHeaders } from "./replica-headers.ts";
import { type ReplicaRequest, toOutgoingRequest } from "./replica-request.ts";
import type { Located } from "./routes.ts";

const MOST_REPLICAS = 5;

/** One request through to its answer: its function, a replica of that, its body, and the way there. */
export class Invocation extends Relay implements ExchangeListener {
  readonly #located: Located;
  readonly #intake: BodyIntake;
  #headers: readonly string[] | undefined;
  /** Waits for a replica. */
  #waiting: AbortController | undefined;
  #tried: readonly Replica[] | undefined;
  #hasRefreshed = false;

  constructor(context: InvocationContext, exchange: Exchange, located: Located) {
    super(context, exchange);
    this.#located = located;
    this.#intake = new BodyIntake(exchange, context.bodyMemory, () => this.#send());
  }

  onTurn(): void {
    this.context.inFlight++;
    const known = findFunction(this.context.directory, this.#located);
    if (known !== undefined) this.#found(known);
    else void this.#lookUp();
  }

  onBodyFailed(failure: BodyFailure): void {
    if (this.isOver || Buffer.isBuffer(this.#intake.body)) return;
    if (failure === "short") {
      this.onHalfClosed();
      return;
    }
    this.abortRequest("none");
    if (this.isAnswered) this.cut("the request's body failed");
    else this.fail(bodyFailed(failure === "late"));
  }

  /** Who has asked and does not listen any more has left: the function is not to go on. */
  onHalfClosed(): void {
    this.exchange.abandon();
    this.onClientLeft();
  }

  async #lookUp(): Promise<void> {
    const { directory, telemetry } = this.context;
    this.exchange.postponeBody();
    const found = await lookUpFunction(directory, this.#located);
    if (this.isOver || this.isAnswered) return;
    if (isKnown(found)) {
      this.#found(found);
      return;
    }
    this.counters = telemetry.unknown;
    this.counters.started();
    this.fail(found);
  }

  #found(known: KnownFunction): void {
    this.known = known;
    this.counters = known.counters;
    this.load = new LoadShare(known.load);
    this.counters.started();
    const verdict = this.context.guard?.admit(this.exchange, known.state);
    if (verdict instanceof Promise) void this.#awaitGuard(verdict);
    else if (verdict !== undefined) this.fail(verdict);
    else this.#enter(known);
  }

  async #awaitGuard(verdict: Promise<Failure | undefined>): Promise<void> {
    this.exchange.postponeBody();
    const failure = await verdict;
    if (this.isOver || this.isAnswered) return;
    if (failure !== undefined) this.fail(failure);
    else this.#enter(this.known as KnownFunction);
  }

  /** Somebody who will take it, then the body, then the request. */
  #enter(known: KnownFunction): void {
    if (known.replicas.isEmpty) void this.#waitForReplica(known);
    else if (this.#intake.body === undefined) this.#intake.ask();
    else this.#send();
  }

  async #waitForReplica(known: KnownFunction): Promise<void> {
    const { whenAvailable, directory } = this.context;
    this.load?.wait();
    if (whenAvailable === undefined) {
      this.fail(noReplica(known.label));
      return;
    }
    this.#waiting = new AbortController();
    this.exchange.postponeBody();
    this.startDeadline(known.deadlines);
    await whenAvailable(known.id, this.#waiting.signal).catch(() => {});
    if (this.isOver || this.isAnswered) return;
    // Where there is none this says why.
    await directory.refresh(known).catch(() => {});
    if (this.isOver || this.isAnswered) return;
    this.#waiting = undefined;
    this.startDeadline(undefined);
    if (known.replicas.isEmpty) this.fail(noReplicaCame(known.label, known.state.failure));
    else this.#enter(known);
  }

  #send(): void {
    if (this.isOver || this.isAnswered) return;
    const known = this.known as KnownFunction;
    const replica = this.#chooseFrom(known);
    if (replica === undefined) {
      void this.#noneLeft(known);
      return;
    }
    replica.begin();
    this.load?.begin();
    this.replica = replica;
    this.startDeadline(known.deadlines);
    const outgoing = toOutgoingRequest(this.#request, replica.authority);
    this.proxied = new ProxiedRequest(replica.pool, outgoing, this);
    this.proxied.send();
  }

  #chooseFrom({ replicas }: KnownFunction): Replica | undefined {
    const tried = this.#tried;
    if (tried === undefined) return replicas.choose();
    return tried.length < MOST_REPLICAS ? replicas.choose(tried) : undefined;
  }

  /** All that are known of are of no use: perhaps there are others by now, or none, as when the function is at zero. */
  async #noneLeft(known: KnownFunction): Promise<void> {
    if (this.#hasRefreshed) {
      this.fail(unreachable(known.label));
      return;
    }
    this.#hasRefreshed = true;
    this.exchange.postponeBody();
    const found = await this.context.directory.refresh(known).catch(() => known);
    if (this.isOver || this.isAnswered) return;
    if (found === undefined) this.fail(noSuchFunction(known.label));
    else this.#enter(known);
  }

  get #request(): ReplicaRequest {
    const { exchange } = this;
    this.#headers ??= this.#toHeaders();
    const body = this.#intake.body as Buffer | "streamed";
    return { exchange, rest: this.#located.rest, headers: this.#headers, body };
  }

  #toHeaders(): readonly string[] {
    const { exchange, known, context } = this;
    const isDelivery = context.guard?.isDelivery(exchange) === true;
    const secrets = context.guard?.credentialHeaders(exchange, (known as KnownFunction).state);
    const asking = { host: exchange.head.host, isDelivery, secrets: secrets ?? [] };
    return toReplicaHeaders(exchange.request, asking, this, context);
  }

  protected canGoElsewhere(from: Replica): boolean {
    if (this.#intake.body === "streamed") return false;
    const tried = [...(this.#tried ?? []), from];
    return tried.length < MOST_REPLICAS && this.known?.replicas.choose(tried) !== undefined;
  }

  protected goElsewhere(from: Replica): void {
    this.#tried = [...(this.#tried ?? []), from];
    this.#send();
  }

  protected failLate(): void {
    const { label, deadlines, limitName } = this.known as KnownFunction;
    if (this.#waiting !== undefined) this.fail(noReplicaCame(label, this.known?.state.failure));
    else this.fail(tooLate(label, deadlines?.limitMs ?? 0, limitName));
  }

  protected discard(): void {
    this.#waiting?.abort();
    this.#intake.stop();
  }
}
