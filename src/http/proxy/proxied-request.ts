import type { Duplex, Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { type AnswerHead, toAnswerHead, toTrailers } from "./answer-headers.ts";

/** A request as the upstream gets it. */
export interface OutgoingRequest {
  readonly method: string;
  /** The target, beginning with a slash. */
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: Buffer | Readable | null;
  /** The protocol that the client wants to go on with. */
  readonly upgrade: string | undefined;
}

/** Called in this order: heads of answers to come (1xx), then a head, chunks, and the end; or else an upgrade. A failure ends it. */
export interface ProxyListener {
  onInformation(head: AnswerHead): void;
  onHead(head: AnswerHead): void;
  onChunk(chunk: Buffer): void;
  onEnd(trailers: [string, string][]): void;
  /** The upstream has agreed; what comes now is another protocol. */
  onUpgraded(head: AnswerHead, upstream: Duplex): void;
  /** Nothing was written: `isSent` is false, and the request can be made again as if it never was. */
  onFailed(error: Error, isSent: boolean): void;
}

/** Sent twice they do what they do sent once (RFC 9110 9.2.2), and Go's client takes the same for granted. */
const REPEATABLE: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/**
 * One request on its way to the upstream and back. It is made again by itself once, where a connection that had been kept
 * turns out to be closed before a byte of an answer came, and only if that can do no harm.
 */
export class ProxiedRequest implements Dispatcher.DispatchHandler {
  readonly #pool: Dispatcher;
  readonly #request: OutgoingRequest;
  readonly #listener: ProxyListener;
  #controller: Dispatcher.DispatchController | undefined;
  #isSent = false;
  #hasAnswered = false;
  #isRepeatable: boolean;
  #isAborted = false;

  constructor(pool: Dispatcher, request: OutgoingRequest, listener: ProxyListener) {
    this.#pool = pool;
    this.#request = request;
    this.#listener = listener;
    const { method, body, upgrade } = request;
    const canBeRepeated = REPEATABLE.has(method) && upgrade === undefined;
    this.#isRepeatable = canBeRepeated && (body === null || Buffer.isBuffer(body));
    this.#dispatch();
  }

  /** Nobody wants the answer any more: the connection is closed, so that the upstream can know it. */
  abort(): void {
    this.#isAborted = true;
    this.#controller?.abort(ABORTED);
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isAborted) controller.abort(ABORTED);
    else this.#isSent = true;
  }

  onResponseStarted(): void {
    this.#hasAnswered = true;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    reason = "",
  ): void {
    if (this.#isAborted) return;
    const head = toAnswerHead(status, reason, controller.rawHeaders as Buffer[]);
    if (status < 200) this.#listener.onInformation(head);
    else this.#listener.onHead(head);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#isAborted) this.#listener.onChunk(chunk);
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.#isAborted) return;
    const trailers = controller.rawTrailers as Buffer[] | null | undefined;
    this.#listener.onEnd(trailers?.length ? toTrailers(trailers) : NO_TRAILERS);
  }

  onRequestUpgrade(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    upstream: Duplex,
  ): void {
    if (this.#isAborted) {
      upstream.destroy();
      return;
    }
    const raw = controller.rawHeaders as Buffer[];
    this.#listener.onUpgraded(toAnswerHead(status, "", raw), upstream);
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#isAborted) return;
    // What cannot even be written can be written no better a second time.
    const isFinal = this.#isSent || /^UND_ERR_(INVALID|NOT_SUPPORTED|REQ)/.test(codeOf(error));
    if (this.#isSent && !this.#hasAnswered && this.#isRepeatable) {
      this.#isRepeatable = false;
      this.#isSent = false;
      this.#dispatch();
    } else {
      this.#listener.onFailed(error, isFinal);
    }
  }

  #dispatch(): void {
    const { method, path, headers, body, upgrade } = this.#request;
    this.#controller = undefined;
    this.#pool.dispatch(
      { method, path, headers, body, ...(upgrade !== undefined && { upgrade }) },
      this,
    );
  }
}

function codeOf(error: NodeJS.ErrnoException): string {
  return error.code ?? "";
}

const ABORTED = new Error("aborted");
const NO_TRAILERS: [string, string][] = [];
