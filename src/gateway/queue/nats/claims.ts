import {
  type Answer,
  type CallbackClaim,
  type Claim,
  type Settlement,
  type Stage,
  unreachable,
} from "../queue.ts";
import type { Changes } from "./changes.ts";
import { lease } from "./course.ts";
import type { Invocation } from "./invocation.ts";
import { unpackRequest } from "./message-body.ts";
import type { Session } from "./session.ts";

export interface ClaimsOptions {
  readonly session: Session;
  readonly changes: Changes;
  answer(callId: string): Promise<Answer | undefined>;
  settle(lease: string, settlement: Settlement): Promise<boolean>;
}

/** Takes what is due: from memory, and for good only where nobody else has written of it. */
export class Claims {
  readonly #options: ClaimsOptions;

  constructor(options: ClaimsOptions) {
    this.#options = options;
  }

  invocations(line: string, limit: number, leaseMs: number): Promise<Claim[]> {
    return this.#take("invocation", line, limit, (one) => this.#claimOne(one, leaseMs));
  }

  callbacks(line: string, limit: number, leaseMs: number): Promise<CallbackClaim[]> {
    return this.#take("callback", line, limit, async (one) => {
      const leased = await this.#lease(one, leaseMs);
      if (leased === undefined) return undefined;
      const answer = (await this.#options.answer(one.callId)) ?? unreachable();
      return { ...leased, url: one.intake.callbackUrl as string, answer };
    });
  }

  /** One that fails is not the others' fault: its lease, if it has one, runs out. */
  async #take<Work>(
    stage: Stage,
    line: string,
    limit: number,
    claim: (invocation: Invocation) => Promise<Work | undefined>,
  ): Promise<Work[]> {
    const lines = this.#options.session.ledger.lines[stage];
    const taken = lines.take(line, limit);
    const claimed = await Promise.allSettled(
      taken.map(async (invocation) => {
        try {
          return await claim(invocation);
        } catch (error) {
          lines.putBack(invocation);
          throw error;
        }
      }),
    );
    const works = claimed.flatMap((one) => (one.status === "fulfilled" ? (one.value ?? []) : []));
    const failed = claimed.find((one) => one.status === "rejected");
    if (failed !== undefined && works.length === 0) throw failed.reason;
    return works as Work[];
  }

  async #claimOne(invocation: Invocation, leaseMs: number): Promise<Claim | undefined> {
    const { journal, bodies } = this.#options.session;
    const { intake, intakeSeq } = invocation;
    const [leased, inline] = await Promise.all([
      this.#lease(invocation, leaseMs),
      intake.body === undefined ? journal.read(intakeSeq) : undefined,
    ]);
    if (leased === undefined) return undefined;
    const packed = intake.body === undefined ? inline : await bodies.read(intake.body);
    if (packed !== undefined) return { ...leased, request: unpackRequest(packed) };
    // Somebody has removed it behind our back; it must not come up for ever.
    const reason = "its request is not there any more";
    await this.#options.settle(leased.lease, { kind: "dead", reason, answer: undefined });
    return undefined;
  }

  /** `undefined`: somebody else came first. */
  async #lease({ callId, intake, course: { stage } }: Invocation, leaseMs: number) {
    const change = await this.#options.changes.change(callId, ({ course: now, freeAt }) =>
      now.stage === stage && freeAt <= performance.now() ? lease(now, leaseMs) : undefined,
    );
    if (change === undefined) return undefined;
    const { course } = change;
    const isCallback = stage === "callback";
    const attempt = isCallback ? course.callbackAttempt : course.attempt;
    const uncounted = isCallback ? course.callbackUncounted : course.uncounted;
    return {
      lease: `${callId}.${course.fence}`,
      callId,
      function: { name: intake.name, namespace: intake.namespace },
      attempt,
      tries: attempt - uncounted,
    };
  }
}
