import { NO_BYTES } from "../../core/no-bytes.ts";
import {
  arrivedBody,
  arrivedWithoutTrailers,
  BodyCollector,
  type BodyReceiver,
} from "../../http/body.ts";
import type { Exchange } from "../../http/exchange.ts";
import type { BodyFailure } from "../../http/exchange-listener.ts";
import { ProxiedRequest } from "../../http/proxy/proxied-request.ts";
import { ClientBody, KeptBody } from "../../http/proxy/request-body.ts";
import type { Tunnel } from "../../http/proxy/tunnel.ts";
import type { RequestHead } from "../../http/request-head.ts";
import { StoredBody } from "../../http/stored-body.ts";
import type { InvocationKind } from "../invocation.ts";
import type { HeldRequest } from "../upstream/upstream.ts";
import type { HttpMode } from "./http-mode.ts";
import { toOutgoingRequest } from "./outgoing.ts";
import { ProxiedInvocation } from "./proxied.ts";

/** So often a request is made anew that could not be sent at all. */
const MOST_ATTEMPTS = 5;
/** Between two looks whether a function that is there takes one more connection. */
const BUSY_MS = 10;

/** The function serves HTTP itself, and is asked for each request. */
export class HttpInvocation extends ProxiedInvocation implements BodyReceiver, HeldRequest {
  protected readonly tunnels: Set<Tunnel>;
  readonly #mode: HttpMode;
  #collector: BodyCollector | undefined;
  /** `undefined`: not here yet. */
  #body: Buffer | StoredBody | "streamed" | undefined;
  #attempts = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(mode: HttpMode, exchange: Exchange, head: RequestHead, kind: InvocationKind) {
    super(mode.context, exchange, head, kind);
    this.#mode = mode;
    this.tunnels = mode.tunnels;
  }

  onReady(): void {
    this.#goOn();
  }

  onGivenUp(): void {
    this.served = { kind: "upstreamFailed", reason: "the function ended before it listened" };
    this.fail(503, "upstream-failed");
  }

  onBody(body: Buffer | StoredBody): void {
    this.#collector = undefined;
    this.#body = body;
    this.takePlaceAgain(() => {
      this.limits.start(this.deadlineMs);
      this.#goOn();
    });
  }

  onBodyTooLarge(): void {
    this.discard();
    this.proxied?.abort();
    if (this.isAnswered) this.cut();
    else this.refuse(413, "the body is larger than max_body allows\n");
  }

  onBodyFailed(failure: BodyFailure): void {
    if (this.isAnswerOver || (this.#body !== undefined && this.#body !== "streamed")) return;
    this.discard();
    this.proxied?.abort();
    if (failure === "short") {
      this.exchange.abandon();
      this.onClientLeft();
    } else if (this.isAnswered) this.cut();
    else if (failure === "late") this.refuse(408, "the body is late\n");
    else this.refuse(400, "the body's framing is broken\n");
  }

  onHalfClosed(): void {
    if (!this.context.config.cancelOnDisconnect) return;
    this.exchange.abandon();
    this.onClientLeft();
  }

  override onClientLeft(): void {
    const { cancelOnDisconnect } = this.context.config;
    const hasAll = this.#body !== "streamed" || this.exchange.request.complete;
    if (this.proxied !== undefined && hasAll && !cancelOnDisconnect) this.goOnWithoutClient();
    else this.proxied?.abort();
    super.onClientLeft();
  }

  /** What came together with its headers is sent in one go. */
  takeBody(): void {
    if (this.isAnswered) return;
    const { bodyOptions } = this.context;
    const arrived = this.#mode.buffersBody ? arrivedBody : arrivedWithoutTrailers;
    const body = arrived(this.exchange);
    if (body !== undefined) {
      this.#body = body;
      if (body.length > (bodyOptions.maxBytes ?? body.length)) this.onBodyTooLarge();
      else this.#goOn();
    } else if (this.#mode.buffersBody) {
      // Without a place meanwhile: slow clients must not keep others out.
      this.leavePlace();
      this.limits.end();
      this.#collector = new BodyCollector(this.exchange, bodyOptions, this);
    } else {
      this.#body = "streamed";
      this.#goOn();
    }
  }

  protected admitted(): void {
    const { bodyLength } = this.head;
    const { maxBytes } = this.context.bodyOptions;
    if (bodyLength > (maxBytes ?? bodyLength)) {
      this.onBodyTooLarge();
      return;
    }
    this.limits.start(this.deadlineMs);
    if (bodyLength === 0) this.#body = NO_BYTES;
    this.#goOn();
  }

  protected discard(): void {
    this.limits.end();
    clearTimeout(this.#retry);
    this.#collector?.stop();
    this.#mode.upstream.release(this);
    this.#closeBody();
    // What it held back, and nobody will take.
    if (this.#body === "streamed") this.exchange.goOn();
  }

  protected retryOrFail(error: Error, isSent: boolean): void {
    if (!isSent && isBusy(error)) {
      this.#retry = setTimeout(() => this.#goOn(), BUSY_MS);
      return;
    }
    if (!isSent && ++this.#attempts < MOST_ATTEMPTS) {
      this.#mode.upstream.unreachable();
      this.#goOn();
      return;
    }
    this.served = { kind: "upstreamFailed", reason: error.message };
    this.fail(500, "upstream-failed");
  }

  /** First a function that listens, then the body, then the request. */
  #goOn(): void {
    const { upstream } = this.#mode;
    if (!upstream.isReady) {
      if (!upstream.hold(this)) this.onGivenUp();
    } else if (this.#body === undefined) {
      this.exchange.wantBody();
      // The parser hands a chunked body on in more than one tick, though never in more than one read.
      if (this.head.bodyLength < 0) setImmediate(takeBody, this);
      else process.nextTick(takeBody, this);
    } else {
      this.#send();
    }
  }

  #send(): void {
    const body = this.#toSend();
    const { request } = this.exchange;
    const outgoing = toOutgoingRequest(this.#mode, request, this.head, body);
    this.proxied = new ProxiedRequest(this.#mode.pool, outgoing, this);
    this.proxied.send();
  }

  #toSend() {
    const { bodyLength } = this.head;
    if (this.#body instanceof StoredBody) {
      return { body: new KeptBody(this.#body), length: this.#body.size };
    }
    if (this.#body !== "streamed") {
      const isSaid = bodyLength !== 0 || this.exchange.request.headers["content-length"];
      return { body: this.#body, length: isSaid ? this.#body?.length : undefined };
    }
    const { maxBytes = Number.POSITIVE_INFINITY } = this.context.bodyOptions;
    // Until somebody is there who takes it.
    this.exchange.postponeBody();
    const body = new ClientBody(this.exchange, maxBytes, () => this.onBodyTooLarge());
    return { body, length: bodyLength };
  }

  #closeBody(): void {
    if (this.#body instanceof StoredBody) this.#body.close();
  }
}

/** As many wait to be accepted by a Unix socket as may (connect(2)): it is there, and has much to do. */
function isBusy(error: NodeJS.ErrnoException): boolean {
  return error.code === "EAGAIN";
}

const takeBody = (invocation: HttpInvocation) => invocation.takeBody();
