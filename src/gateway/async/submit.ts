import type { AddressMatcher } from "../../core/networks.ts";
import { BodyCollector } from "../../http/body.ts";
import { BodyMemory } from "../../http/body-memory.ts";
import type { Exchange } from "../../http/exchange.ts";
import type { BodyFailure, ExchangeListener } from "../../http/exchange-listener.ts";
import type { FunctionState } from "../../provider/provider.ts";
import { toCallId, toStartTime } from "../invoke/call-id.ts";
import type { Guard } from "../invoke/context.ts";
import { type Failure, noSuchFunction } from "../invoke/failure.ts";
import { formatFunctionName, isFunctionName } from "../invoke/function-name.ts";
import { CLIENT_LEFT, type EndedInvocation } from "../invoke/telemetry.ts";
import type { Queue } from "../queue/queue.ts";
import { expectedRefusal, refusal } from "./refusal.ts";
import { toQueuedRequest } from "./submission.ts";
import { readWish, type Wish } from "./wish.ts";

export interface SubmitOptions {
  readonly queue: Queue;
  /** Where callbacks may go. */
  readonly isAllowed: AddressMatcher;
  readonly guard: Pick<Guard, "admit" | "credentialHeaders">;
  /** Whose word counts on where a request came from. */
  readonly isTrustedProxy: AddressMatcher;
  /** `undefined`: no limit. */
  readonly maxBodyBytes: number | undefined;
  /** The function of a name as it stands in the URL; `undefined`: there is none. */
  readonly look: (name: string) => Promise<FunctionState | undefined>;
  readonly onError: (error: unknown) => void;
  /** Once for each, `name` as in `AccessLog`. */
  readonly onEnded: (name: string | undefined, status: number, ended: EndedInvocation) => void;
}

export interface Accepting {
  /** How many are on their way to the disk. */
  inFlight: number;
  /** What would be queued now would wait for the next start. */
  isStopping: boolean;
}

/** Bodies are kept as a whole, in memory until they are on disk. */
const IN_MEMORY = {
  memoryBytes: Number.POSITIVE_INFINITY,
  smallBytes: Number.POSITIVE_INFINITY,
  memory: new BodyMemory(Number.POSITIVE_INFINITY),
  spool: { createFile: (receive: (file: undefined) => void) => receive(undefined), failed() {} },
};

/** A request that is answered when it would survive a crash, and run later. */
export class Submit implements ExchangeListener {
  readonly #options: SubmitOptions;
  readonly #exchange: Exchange;
  readonly #accepting: Accepting;
  readonly #name: string;
  readonly #rest: string;
  readonly #callId: string;
  readonly #startTime = toStartTime();
  #collector: BodyCollector | undefined;
  #isOver = false;
  /** Of the function, once it is known. */
  #reference: string | undefined;
  #status = CLIENT_LEFT;
  #failure: string | undefined;

  constructor(
    options: SubmitOptions,
    exchange: Exchange,
    { name, rest }: { readonly name: string; readonly rest: string },
    accepting: Accepting,
  ) {
    this.#options = options;
    this.#exchange = exchange;
    this.#accepting = accepting;
    this.#name = name;
    this.#rest = rest;
    this.#callId = toCallId(exchange.request.headers["x-call-id"]);
  }

  onTurn(): void {
    this.#accepting.inFlight++;
    this.#exchange.postponeBody();
    this.#begin().catch((error) => {
      this.#options.onError(error);
      this.#refuse(refusal(500, "the invocation could not be queued"));
    });
  }

  onBodyFailed(failure: BodyFailure): void {
    this.#collector?.stop();
    this.#refuse(
      refusal(failure === "late" ? 408 : 400, `the body did not come: it was ${failure}`),
    );
  }

  // What has been said is enough: the answer may still be read.
  onHalfClosed(): void {}

  onClientLeft(): void {
    this.#collector?.stop();
    this.#end();
  }

  onWritable(): void {}

  onAnswerSent(): void {
    this.#end();
  }

  /** All that can be refused is refused before the body is asked for. */
  async #begin(): Promise<void> {
    const { guard, look, isAllowed, maxBodyBytes } = this.#options;
    const exchange = this.#exchange;
    if (exchange.request.method !== "POST") {
      this.#refuse(refusal(405, "invocations are queued by POST", ["Allow", "POST"]));
      return;
    }
    if (this.#accepting.isStopping) {
      this.#refuse(refusal(503, "the gateway is stopping", ["Retry-After", "1"]));
      return;
    }
    const state = await look(this.#name);
    if (state === undefined) {
      this.#refuse(noSuchFunction(isFunctionName(this.#name) ? this.#name : undefined));
      return;
    }
    this.#reference = formatFunctionName(state);
    const wish =
      (await guard.admit(exchange, state)) ?? readWish(exchange.request.headers, state, isAllowed);
    if ("status" in wish) {
      this.#refuse(wish);
    } else if (maxBodyBytes !== undefined && exchange.head.bodyLength > maxBodyBytes) {
      this.#refuseSize();
    } else if (!this.#isOver) {
      this.#collect(wish);
    }
  }

  #collect(wish: Wish): void {
    const options = { ...IN_MEMORY, maxBytes: this.#options.maxBodyBytes };
    this.#exchange.wantBody();
    this.#collector = new BodyCollector(this.#exchange, options, {
      onBody: (body) => void this.#enqueue(wish, body as Buffer),
      onBodyTooLarge: () => this.#refuseSize(),
    });
  }

  async #enqueue({ state, callbackUrl, delayMs }: Wish, body: Buffer): Promise<void> {
    const { queue, guard, isTrustedProxy } = this.#options;
    const secrets = guard.credentialHeaders(this.#exchange, state);
    // Its memory is handed over: it must be nobody else's.
    const own = Uint8Array.from(body);
    try {
      const isNew = await queue.enqueue({
        callId: this.#callId,
        function: { name: state.name, namespace: state.namespace },
        request: toQueuedRequest(
          this.#exchange,
          { rest: this.#rest, secrets, isTrustedProxy },
          own,
        ),
        callbackUrl,
        delayMs,
      });
      if (isNew) this.#answer(202, [], "");
      else this.#refuse(refusal(409, "an invocation with this X-Call-Id is there already"));
    } catch (error) {
      this.#refuseFailed(error);
    }
  }

  #refuseFailed(error: unknown): void {
    const expected = expectedRefusal(error);
    if (expected === undefined) this.#options.onError(error);
    this.#refuse(expected ?? refusal(500, "the invocation could not be queued"));
  }

  #refuseSize(): void {
    this.#refuse(refusal(413, `the body has more than ${this.#options.maxBodyBytes} bytes`));
  }

  #refuse({ status, headers, body, reason }: Failure): void {
    this.#failure ??= reason ?? body.trimEnd();
    this.#answer(status, headers, body);
  }

  #answer(status: number, headers: readonly string[], body: string): void {
    if (this.#isOver || this.#exchange.response.headersSent) return;
    this.#status = status;
    const own = ["X-Call-Id", this.#callId, "X-Start-Time", this.#startTime];
    this.#exchange.answer(status, [...headers, ...own], body);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#accepting.inFlight--;
    const ended = { exchange: this.#exchange, callId: this.#callId, failure: this.#failure };
    this.#options.onEnded(this.#reference, this.#status, ended);
  }
}
