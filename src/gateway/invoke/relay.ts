import type { Socket } from "node:net";
import type { Exchange } from "../../http/exchange.ts";
import type { AnswerHead } from "../../http/proxy/answer-head.ts";
import type { ProxiedRequest } from "../../http/proxy/proxied-request.ts";
import type { ProxyListener } from "../../http/proxy/proxy-listener.ts";
import { isStream } from "../../http/proxy/stream-types.ts";
import { Tunnel, toUpgradeHead } from "../../http/proxy/tunnel.ts";
import { toCallId, toStartTime } from "./call-id.ts";
import type { InvocationContext } from "./context.ts";
import type { Deadlines, Limited } from "./deadlines.ts";
import { brokenOff, type Failure } from "./failure.ts";
import type { KnownFunction } from "./known-function.ts";
import type { LoadShare } from "./load-share.ts";
import { pushOwnHeaders, sendsAway } from "./own-headers.ts";
import { RelayedAnswer } from "./relayed-answer.ts";
import type { Replica, Verdict } from "./replica.ts";
import { CLIENT_LEFT, type EndedInvocation, type FunctionCounters } from "./telemetry.ts";

/** The answer half of an invocation: what its replica says goes on to the client at once. */
export abstract class Relay implements ProxyListener, Limited, EndedInvocation {
  readonly callId: string;
  readonly startTime = toStartTime();
  protected readonly context: InvocationContext;
  readonly exchange: Exchange;
  failure: string | undefined;
  /** `undefined`: not known yet, or there is none. */
  protected known: KnownFunction | undefined;
  protected counters: FunctionCounters | undefined;
  protected load: LoadShare | undefined;
  /** Where its request is now. */
  protected replica: Replica | undefined;
  protected proxied: ProxiedRequest | undefined;
  /** The answer has begun. */
  protected isAnswered = false;
  /** It was sent, or its client has left: nothing is done for it any more. */
  protected isOver = false;
  readonly #answer: RelayedAnswer;
  #status = 0;
  #deadlines: Deadlines | undefined;
  #isStream = false;
  #isSentAway = false;
  #tunnel: Tunnel | undefined;

  constructor(context: InvocationContext, exchange: Exchange) {
    this.context = context;
    this.exchange = exchange;
    this.callId = toCallId(exchange.request.headers["x-call-id"]);
    this.#answer = new RelayedAnswer(exchange);
  }

  /** Whether there is another replica that the same request can be sent to. */
  protected abstract canGoElsewhere(from: Replica): boolean;
  /** The replica has not begun it. */
  protected abstract goElsewhere(from: Replica): void;
  /** It took too long, and nothing of an answer has gone. */
  protected abstract failLate(): void;
  /** Nobody has a use for an answer any more: what is kept for it can go. */
  protected abstract discard(): void;

  onInformation({ status, headers }: AnswerHead): void {
    const { request, response } = this.exchange;
    if (request.httpVersionMinor > 0) response.writeInformation(status, headers);
  }

  onHead(head: AnswerHead): void {
    if (sendsAway(head) && this.canGoElsewhere(this.replica as Replica)) {
      this.#isSentAway = true;
      return;
    }
    this.isAnswered = true;
    this.#status = head.status;
    if (isStream(head.contentType)) {
      this.#isStream = true;
      this.startDeadline(this.context.idle);
    }
    pushOwnHeaders(head, this);
    this.#answer.begin(head);
  }

  onChunk(chunk: Buffer): void {
    if (this.#isSentAway) return;
    if (this.#isStream) this.#deadlines?.start(this);
    if (!this.#answer.write(chunk)) this.proxied?.pause();
  }

  onEnd(trailers: [string, string][]): void {
    if (this.#isSentAway) {
      const from = this.replica as Replica;
      this.#isSentAway = false;
      this.#leaveReplica("none");
      this.goElsewhere(from);
      return;
    }
    this.#leaveReplica("good");
    this.#answer.end(trailers);
  }

  onFailed(error: Error, isSent: boolean): void {
    const from = this.replica as Replica;
    const hadBegun = isSent && !this.#isSentAway;
    this.#isSentAway = false;
    this.#leaveReplica(isSent ? "failed" : "unreachable");
    if (this.isAnswered) this.cut(error.message);
    else if (hadBegun) this.fail(brokenOff(this.known?.label ?? "", error.message));
    else this.goElsewhere(from);
  }

  onUpgraded(head: AnswerHead, upstream: Socket): void {
    const { idle, tunnels } = this.context;
    const client = this.exchange.request.socket;
    this.startDeadline(undefined);
    this.isAnswered = true;
    this.#status = head.status;
    pushOwnHeaders(head, this);
    this.exchange.response.detachSocket(client);
    client.write(toUpgradeHead(head), "latin1");
    const onClosed = (bytes: number) => this.#closed(bytes);
    this.#tunnel = new Tunnel({ client, upstream, idleMs: idle?.limitMs ?? 0, onClosed });
    tunnels.add(this.#tunnel);
  }

  onWritable(): void {
    this.proxied?.resume();
  }

  onDeadlinePassed(): void {
    // A stream that had nothing more to say is no worse for it.
    this.abortRequest(this.#isStream ? "none" : "failed");
    if (this.isAnswered) this.cut("it took too long");
    else this.failLate();
  }

  onClientLeft(): void {
    // The tunnel sees it too, and tells the other side first.
    if (this.#tunnel !== undefined) return;
    this.abortRequest("none");
    this.#answer.drop();
    this.#end(CLIENT_LEFT);
  }

  onAnswerSent(): void {
    this.#end(this.#status);
  }

  /** Whatever limit there was does not count any more. */
  protected startDeadline(deadlines: Deadlines | undefined): void {
    this.#deadlines?.end(this);
    this.#deadlines = deadlines;
    deadlines?.start(this);
  }

  protected abortRequest(verdict: Verdict): void {
    this.proxied?.abort();
    this.#leaveReplica(verdict);
  }

  #leaveReplica(verdict: Verdict): void {
    this.startDeadline(undefined);
    this.replica?.end(verdict);
    this.replica = undefined;
  }

  protected fail({ status, headers, body, reason }: Failure): void {
    if (this.isOver) return;
    this.isAnswered = true;
    this.#status = status;
    this.failure = reason ?? body.trimEnd();
    this.startDeadline(undefined);
    this.discard();
    const own = ["X-Call-Id", this.callId, "X-Start-Time", this.startTime];
    this.exchange.answer(status, [...headers, ...own], body);
  }

  /** What was said of the answer must not look like all of it. */
  protected cut(reason: string): void {
    this.failure = `the answer was cut off: ${reason}`;
    this.#answer.flush();
    this.exchange.cut();
    this.#end(this.#status);
  }

  #closed(bytes: number): void {
    this.context.tunnels.delete(this.#tunnel as Tunnel);
    this.#leaveReplica("good");
    this.exchange.bytesAnswered += bytes;
    this.exchange.abandon();
    this.#end(this.#status);
  }

  /** Once. */
  #end(status: number): void {
    if (this.isOver) return;
    this.isOver = true;
    this.startDeadline(undefined);
    this.discard();
    this.context.inFlight--;
    this.load?.end(status !== CLIENT_LEFT);
    this.counters?.ended(status, this.exchange.seconds, this);
  }
}
