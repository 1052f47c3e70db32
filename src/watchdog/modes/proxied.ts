import type { Socket } from "node:net";
import { NO_BYTES } from "../../core/no-bytes.ts";
import type { AnswerHead } from "../../http/proxy/answer-head.ts";
import type { ProxiedRequest } from "../../http/proxy/proxied-request.ts";
import type { ProxyListener } from "../../http/proxy/proxy-listener.ts";
import { isStream } from "../../http/proxy/stream-types.ts";
import { Tunnel, toUpgradeHead } from "../../http/proxy/tunnel.ts";
import { Invocation } from "../invocation.ts";
import { durationHeader, upstreamFailure } from "../response.ts";
import { AnswerLimits } from "./answer-limits.ts";
import { AnswerSplice } from "./answer-splice.ts";
import { UnsentAnswer } from "./unsent-answer.ts";

/** The answer half of an invocation that an upstream answers: what comes from there goes on at once. */
export abstract class ProxiedInvocation extends Invocation implements ProxyListener {
  protected proxied: ProxiedRequest | undefined;
  protected readonly limits = new AnswerLimits(() => this.onDeadlinePassed());
  #unsent: UnsentAnswer | undefined;
  #received = 0;
  #splice: AnswerSplice | undefined;
  #tunnel: Tunnel | undefined;

  /** Those that are open, for whoever stops to close them. */
  protected abstract readonly tunnels: Set<Tunnel>;

  /** It could not be reached, or has broken off; nothing of its answer has gone. The limits still run. */
  protected abstract retryOrFail(error: Error, isSent: boolean): void;

  onInformation({ status, headers }: AnswerHead): void {
    const { request, response } = this.exchange;
    if (request.httpVersionMinor > 0 && !this.isAnswered) {
      response.writeInformation(status, headers);
    }
  }

  onHead(head: AnswerHead): void {
    if (this.isAnswerOver) return;
    const { maxOutputBytes, upstream } = this.context.config;
    if (isStream(head.contentType)) {
      this.limits.becomeStream(upstream?.streamIdleMs ?? 0, upstream?.streamLimitMs ?? 0);
    } else {
      head.headers.push(...durationHeader(this.exchange.seconds));
    }
    if (maxOutputBytes !== undefined && (head.length ?? 0) > maxOutputBytes) {
      this.#giveUpTooLarge();
      return;
    }
    this.#unsent = new UnsentAnswer(head, this.method);
    this.#splice = AnswerSplice.of(head, this.context, this.exchange, (rest) => this.#write(rest));
    if (!this.#unsent.needsBody) process.nextTick(flushHead, this);
  }

  onChunk(chunk: Buffer): void {
    if (this.isAnswerOver) return;
    this.limits.touch();
    this.#received += chunk.length;
    const { maxOutputBytes } = this.context.config;
    if (maxOutputBytes !== undefined && this.#received > maxOutputBytes) {
      this.#giveUpTooLarge();
    } else if (this.#unsent !== undefined && this.#unsent.first === undefined) {
      this.#unsent.first = chunk;
      process.nextTick(flushHead, this);
    } else {
      this.flushHead();
      this.#write(chunk);
    }
  }

  onEnd(trailers: [string, string][]): void {
    this.#upstreamIsDone();
    if (this.isAnswerOver) return;
    this.served = { kind: "served" };
    if (this.#unsent?.isBodiless === false && trailers.length === 0) {
      this.#answerWhole(this.#unsent);
      return;
    }
    this.flushHead();
    if (trailers.length > 0) this.exchange.response.addTrailers(trailers);
    this.exchange.end();
  }

  onUpgraded(head: AnswerHead, upstream: Socket): void {
    this.limits.end();
    const { streamIdleMs: idleMs = 0, streamLimitMs = 0 } = this.context.config.upstream ?? {};
    const client = this.exchange.request.socket;
    this.answerElsewhere(head.status);
    this.exchange.response.detachSocket(client);
    client.write(toUpgradeHead(head), "latin1");
    this.#tunnel = new Tunnel({
      client,
      upstream,
      idleMs,
      onClosed: (bytes, isIdle) => this.#onTunnelClosed(bytes, isIdle),
    });
    this.tunnels.add(this.#tunnel);
    this.limits.start(streamLimitMs);
  }

  onFailed(error: Error, isSent: boolean): void {
    if (!this.isAnswered) {
      this.#unsent = undefined;
      this.retryOrFail(error, isSent);
      return;
    }
    this.#upstreamIsDone();
    if (this.isAnswerOver) return;
    this.served = { kind: "upstreamFailed", reason: error.message };
    this.cut();
  }

  onWritable(): void {
    this.proxied?.resume();
    this.#splice?.plan(this.proxied);
  }

  /** What was read of the answer goes on. */
  flushHead(): void {
    const unsent = this.#unsent;
    if (unsent === undefined || this.isAnswerOver) return;
    this.#unsent = undefined;
    const { head, first } = unsent;
    this.exchange.response.statusMessage = head.reason;
    this.answerHead(head.status, unsent.headersWithLength);
    // A late body's head goes with nothing behind it: Node's flushHeaders would write it as UTF-8.
    this.#write(first ?? NO_BYTES);
  }

  #write(chunk: Uint8Array): void {
    if (!this.exchange.write(chunk)) this.proxied?.pause();
    this.#splice?.plan(this.proxied);
  }

  protected override onDeadlinePassed(): void {
    if (this.isAnswerOver && !this.isWorking) return;
    this.outcome = { kind: "timedOut" };
    if (this.#tunnel !== undefined) {
      this.#tunnel.close();
      return;
    }
    this.proxied?.abort();
    this.#upstreamIsDone();
    if (this.isAnswerOver) return;
    if (this.isAnswered) this.cut();
    else this.fail(504, "timeout");
  }

  protected fail(status: number, word: string): void {
    this.discard();
    this.answer(upstreamFailure(status, word, this.exchange.seconds));
  }

  override onClientLeft(): void {
    // The tunnel sees it too, and tells the other side first.
    if (this.#tunnel !== undefined) return;
    super.onClientLeft();
  }

  override onAnswerSent(): void {
    this.limits.end();
    super.onAnswerSent();
  }

  protected goOnWithoutClient(): void {
    this.isWorking = true;
    this.#unsent = undefined;
    this.proxied?.resume();
  }

  #upstreamIsDone(): void {
    this.limits.end();
    if (!this.isWorking) return;
    this.isWorking = false;
    this.endIfOver();
  }

  #answerWhole({ head, headers, body }: UnsentAnswer): void {
    this.#unsent = undefined;
    this.exchange.response.statusMessage = head.reason;
    this.answer({ status: head.status, headers, body });
  }

  #giveUpTooLarge(): void {
    this.outcome = { kind: "outputTooLarge" };
    this.proxied?.abort();
    this.limits.end();
    if (this.isAnswered) this.cut();
    else this.fail(502, "output-too-large");
  }

  #onTunnelClosed(bytes: number, isIdle: boolean): void {
    this.tunnels.delete(this.#tunnel as Tunnel);
    if (isIdle) this.outcome = { kind: "timedOut" };
    else if (this.outcome === undefined) this.served = { kind: "served" };
    this.exchange.bytesAnswered += bytes;
    this.exchange.abandon();
    this.onAnswerSent();
  }
}

const flushHead = (invocation: ProxiedInvocation) => invocation.flushHead();
