import { Chunks } from "../../core/chunks.ts";
import { isBodiless } from "../../core/http-grammar.ts";
import type { AnswerHead } from "../../http/proxy/answer-head.ts";
import { SNIFFED_BYTES, sniffContentType } from "../../http/sniff.ts";

/** What was read of an upstream's answer and has not gone yet: mostly its body comes in the same read as its head. */
export class UnsentAnswer {
  readonly head: AnswerHead;
  /** There is no body, whatever the headers say of one. */
  readonly isBodiless: boolean;
  first: Buffer | undefined;

  constructor(head: AnswerHead, method: string) {
    const { status } = head;
    this.head = head;
    this.isBodiless = isBodiless(status) || method === "HEAD";
  }

  /** A type that is not said is read off the first bytes, which have to be waited for. */
  get needsBody(): boolean {
    const { contentType, isEncoded } = this.head;
    return contentType === undefined && !isEncoded && !this.isBodiless;
  }

  /** Without the length. */
  get headers(): string[] {
    const { headers } = this.head;
    if (!this.needsBody || this.first === undefined) return headers;
    return [...headers, "Content-Type", sniffContentType(this.first.subarray(0, SNIFFED_BYTES))];
  }

  get headersWithLength(): string[] {
    const { length, status } = this.head;
    if (length === undefined || status === 204) return this.headers;
    return [...this.headers, "Content-Length", String(length)];
  }

  get body(): Chunks {
    const body = new Chunks();
    if (this.first !== undefined) body.push(this.first);
    return body;
  }
}
