import type { Socket } from "node:net";
import type { AnswerHead } from "./answer-head.ts";

/** Called in this order: heads of answers to come (1xx), then a head, chunks, and the end; or else an upgrade. A failure ends it. */
export interface ProxyListener {
  onInformation(head: AnswerHead): void;
  onHead(head: AnswerHead): void;
  onChunk(chunk: Buffer): void;
  onEnd(trailers: [string, string][]): void;
  /** The upstream has agreed; what comes now is another protocol. */
  onUpgraded(head: AnswerHead, upstream: Socket): void;
  /** Nothing was written: `isSent` is false, and the request can be made again as if it never was. */
  onFailed(error: Error, isSent: boolean): void;
}
