import type { Outcome } from "../../process/outcome.ts";
import { type AnswerHead, type BadAnswer, isBad, withSaid } from "../answer-head.ts";
import { OF_CONTENT_TYPE } from "./content-type.ts";
import { FlowingInvocation } from "./flowing.ts";

/** of-watchdog's mode with nothing kept: all of the output is the answer's body. */
export class StreamingInvocation extends FlowingInvocation {
  protected readonly holdOutput = false;
  protected readonly waitsForExit = false;

  protected readHead(chunk: Buffer): { head: AnswerHead; body: Buffer } | BadAnswer {
    const head = this.readControlHead();
    return isBad(head) ? head : { head, body: chunk };
  }

  protected readHeadless(): AnswerHead | BadAnswer {
    return this.readControlHead();
  }

  protected toHeaders({ headers }: AnswerHead): string[] {
    return withSaid(this.#headers(), headers);
  }

  protected override fail(outcome: Outcome): void {
    const isTheirs = this.context.config.compat === "openfaas" && outcome.kind !== "badAnswer";
    if (isTheirs) this.answer({ status: 200, headers: this.#headers(), body: "" });
    else super.fail(outcome);
  }

  #headers(): string[] {
    return ["Content-Type", this.context.config.contentType ?? OF_CONTENT_TYPE];
  }
}
