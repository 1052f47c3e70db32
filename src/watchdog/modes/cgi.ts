import { BodyCollector, type BodyReceiver } from "../../http/body.ts";
import type { Exchange } from "../../http/exchange.ts";
import type { RequestHead } from "../../http/request-head.ts";
import type { StoredBody } from "../../http/stored-body.ts";
import type { Outcome } from "../../process/outcome.ts";
import {
  type AnswerHead,
  type BadAnswer,
  badAnswer,
  isBad,
  type SaidHead,
  toAnswerHead,
  withSaid,
} from "../answer-head.ts";
import { CgiHeadReader } from "../cgi-head.ts";
import type { InputFeeder } from "../input-feeder.ts";
import type { InvocationKind } from "../invocation.ts";
import type { InvocationContext } from "../invocation-context.ts";
import type { KnownHead } from "../known-head.ts";
import { FlowingInvocation } from "./flowing.ts";

/** CGI/1.1 (RFC 3875): what the output begins with is the answer's head. */
export class CgiInvocation extends FlowingInvocation implements BodyReceiver {
  protected readonly holdOutput = "briefly";
  protected readonly waitsForExit = true;
  readonly #reader = new CgiHeadReader();
  readonly #knownHead: KnownHead;
  #collector: BodyCollector | undefined;
  /** While it waits for a place. */
  #stored: StoredBody | undefined;
  #feeder: InputFeeder | undefined;

  constructor(
    knownHead: KnownHead,
    context: InvocationContext,
    exchange: Exchange,
    head: RequestHead,
    kind: InvocationKind,
  ) {
    super(context, exchange, head, kind);
    this.#knownHead = knownHead;
  }

  protected readHead(chunk: Buffer): { head: AnswerHead; body: Buffer } | BadAnswer | undefined {
    const control = this.readControl();
    // What is said on descriptor 3 besides may be another thing each time.
    const known = control === undefined && !this.#reader.hasBegun ? this.#knownHead : undefined;
    const same = known?.find(chunk);
    if (same !== undefined) return same;
    const found = this.#reader.push(chunk);
    if (found === undefined || isBad(found)) return found;
    const head = complete(found, control);
    if (isBad(head)) return head;
    known?.remember(chunk.subarray(0, chunk.length - found.body.length), head);
    return { head, body: found.body };
  }

  protected readHeadless(): BadAnswer {
    return this.#reader.missing;
  }

  protected toHeaders({ headers }: AnswerHead): string[] {
    const { contentType } = this.context.config;
    return withSaid(contentType === undefined ? [] : ["Content-Type", contentType], headers);
  }

  protected override fail(outcome: Outcome): void {
    if (outcome.kind === "timedOut") super.fail(outcome, 504);
    else super.fail(outcome);
  }

  /** All of a body whose length nobody knew: now the program can be told. */
  onBody(body: Buffer | StoredBody): void {
    this.#collector = undefined;
    if (Buffer.isBuffer(body)) {
      this.takePlaceAgain(() => this.startWith(body));
      return;
    }
    this.#stored = body;
    this.takePlaceAgain(() => {
      this.#stored = undefined;
      this.#startWithStored(body);
    });
  }

  override onInputDrain(): void {
    if (this.#feeder === undefined) super.onInputDrain();
    else this.#feeder.pump();
  }

  protected override variables(bodyLength: number): string {
    const variables = super.variables(bodyLength);
    // What is chunked is told of its length once it is here.
    return this.head.bodyLength < 0 ? `${variables}CONTENT_LENGTH=${bodyLength}\0` : variables;
  }

  /** Slow clients must not keep others out: meanwhile without a place. */
  protected override takeLongBody(): void {
    if (this.head.bodyLength >= 0) {
      super.takeLongBody();
      return;
    }
    this.leavePlace();
    this.#collector = new BodyCollector(this.exchange, this.context.bodyOptions, this);
  }

  protected override stopFeeding(): void {
    super.stopFeeding();
    this.#collector?.stop();
    this.#stored?.close();
    this.#feeder?.stop();
  }

  #startWithStored(body: StoredBody): void {
    this.startUnfed(body.size);
    this.#feeder = this.createFeeder(body);
    this.#feeder?.pump();
  }
}

function complete(
  found: SaidHead,
  control: SaidHead | BadAnswer | undefined,
): AnswerHead | BadAnswer {
  if (control !== undefined && isBad(control)) return control;
  if (control !== undefined && found.status !== undefined) {
    return badAnswer("there is a Status, and descriptor 3 was used besides");
  }
  const fields = control === undefined ? found.fields : [...found.fields, ...control.fields];
  const head = toAnswerHead({ status: control?.status ?? found.status, fields });
  if (isBad(head) || head.status !== undefined) return head;
  // RFC 3875, 6.2.3. A path of this server (6.2.2) is left to the client, too: another invocation is its to pay for.
  const isRedirect = fields.some(([name]) => name.toLowerCase() === "location");
  return isRedirect ? { ...head, status: 302 } : head;
}
