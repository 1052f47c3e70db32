import { NO_BYTES } from "../../../core/no-bytes.ts";
import type { Answer, InvocationRecord, Lease, Settlement, Submission } from "../queue.ts";
import type { BodyReference } from "./bodies.ts";
import { Changes } from "./changes.ts";
import { Claims } from "./claims.ts";
import { type Course, endCallback, finish, type Kept, putOff } from "./course.ts";
import type { Invocation } from "./invocation.ts";
import { packAnswer, packRequest, unpackAnswer } from "./message-body.ts";
import { isCallId } from "./names.ts";
import type { Session } from "./session.ts";

/** What is larger is kept apart, so that messages stay small. */
const INLINE_BYTES = 128 * 1024;
/** Of a message, for what is not its body. */
const HEAD_BYTES = 16 * 1024;

/** The queue over one session: who changes something first is decided by the server, message by message. */
export class Store {
  readonly changes: Changes;
  readonly claims: Claims;
  readonly #session: Session;
  readonly #inlineBytes: number;

  constructor(session: Session) {
    this.#session = session;
    this.changes = new Changes(session);
    this.claims = new Claims({
      session,
      changes: this.changes,
      answer: (callId) => this.answer(callId),
      settle: (held, settlement) => this.settle(held, settlement),
    });
    this.#inlineBytes = Math.min(INLINE_BYTES, session.maxMessageBytes - HEAD_BYTES);
  }

  /** Its first message of this call id, or none: nobody can be in between. */
  async enqueue(submission: Submission): Promise<boolean> {
    const { callId, function: id, request, callbackUrl, delayMs } = submission;
    const { journal, ledger, names } = this.#session;
    if (ledger.get(callId) !== undefined) return false;
    const { inline, body } = await this.#place(packRequest(request), true);
    const queuedAt = Date.now();
    const dueAt = queuedAt + Math.max(0, Math.ceil(delayMs));
    const { name, namespace } = id;
    const intake = { name, namespace, callbackUrl, queuedAt, dueAt, body };
    const seq = await journal.write(names.intake(callId), intake, inline, 0);
    if (seq === undefined) this.changes.dropBody(body);
    else ledger.noteIntake(callId, seq, intake);
    return seq !== undefined;
  }

  async renew(leases: readonly Lease[], leaseMs: number): Promise<Lease[]> {
    const isKept = await Promise.all(
      leases.map((held) => this.#changeHeld(held, (course) => ({ ...course, leaseMs }))),
    );
    return leases.filter((_, index) => !isKept[index]);
  }

  async settle(held: Lease, settlement: Settlement): Promise<boolean> {
    const { callId } = parseLease(held);
    const invocation = this.#session.ledger.get(callId);
    if (settlement.kind === "retry") {
      return await this.#changeHeld(held, (course) => putOff(course, settlement, Date.now()));
    }
    if (invocation?.course.stage === "callback") {
      return await this.#changeHeld(held, (course) => endCallback(course, settlement));
    }
    if (invocation === undefined) return false;
    return await this.#finish(held, invocation, settlement);
  }

  /** What is not known here may have come to another gateway just now. */
  async find(callId: string): Promise<InvocationRecord | undefined> {
    const { ledger } = this.#session;
    if (ledger.get(callId) === undefined && isCallId(callId)) await this.changes.refresh(callId);
    return ledger.find(callId);
  }

  async answer(callId: string): Promise<Answer | undefined> {
    const { ledger, bodies, journal } = this.#session;
    const invocation = ledger.get(callId);
    if (invocation?.course.status === undefined) return undefined;
    const { course, courseSeq } = invocation;
    const packed = await (course.body ? bodies.read(course.body) : journal.read(courseSeq));
    return packed && unpackAnswer(packed);
  }

  async #finish(
    held: Lease,
    { callId, intake }: Invocation,
    settlement: Exclude<Settlement, { kind: "retry" }>,
  ): Promise<boolean> {
    const hasCallback = intake.callbackUrl !== undefined;
    const { answer } = settlement;
    // Where the course goes on, its messages must not carry the answer along.
    const { inline, body } = await this.#place(answer && packAnswer(answer), !hasCallback);
    const kept: Kept = {
      status: answer?.status,
      durationMs: answer?.durationMs,
      answerBytes: answer?.body.byteLength,
      body,
    };
    const end = (course: Course) => finish(course, settlement, hasCallback, kept, Date.now());
    const isFinished = await this.#changeHeld(held, end, inline);
    if (!isFinished) this.changes.dropBody(body);
    else if (settlement.kind === "completed") this.changes.dropRequest(callId);
    return isFinished;
  }

  async #changeHeld(held: Lease, next: (course: Course) => Course, body = NO_BYTES as Uint8Array) {
    const { callId, fence } = parseLease(held);
    const changed = await this.changes.change(
      callId,
      ({ course }) => (course.leaseMs > 0 && course.fence === fence ? next(course) : undefined),
      body,
    );
    return changed !== undefined;
  }

  /** In the message, where it may and fits, else apart. */
  async #place(
    packed: Uint8Array | undefined,
    mayInline: boolean,
  ): Promise<{ inline: Uint8Array; body: BodyReference | undefined }> {
    if (packed === undefined) return { inline: NO_BYTES, body: undefined };
    if (mayInline && packed.byteLength <= this.#inlineBytes) {
      return { inline: packed, body: undefined };
    }
    return { inline: NO_BYTES, body: await this.#session.bodies.write(packed) };
  }
}

function parseLease(held: Lease): { readonly callId: string; readonly fence: number } {
  const [callId = "", fence] = held.split(".");
  return { callId, fence: Number(fence) };
}
