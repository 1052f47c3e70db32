import { lengthOf, type Piece } from "../../http/byteranges.ts";
import type { Exchange } from "../../http/exchange.ts";
import type { RequestHead } from "../../http/request-head.ts";
import { toLocation } from "../../http/target.ts";
import type { Outcome } from "../../process/outcome.ts";
import { Invocation, type InvocationKind } from "../invocation.ts";
import type { InvocationContext } from "../invocation-context.ts";
import { answerWithFile, type FileAnswer, toTextAnswer } from "../static/answer.ts";
import { FileSender } from "../static/file-sender.ts";
import type { FoundFile } from "../static/files.ts";
import type { OpenFile } from "../static/open-file.ts";
import { type Finding, isMissing, type Site } from "../static/site.ts";

/** A file is the answer, and there is no process. */
export class StaticInvocation extends Invocation {
  readonly #site: Site;
  #sender: FileSender | undefined;

  constructor(
    site: Site,
    context: InvocationContext,
    exchange: Exchange,
    head: RequestHead,
    kind: InvocationKind,
  ) {
    super(context, exchange, head, kind);
    this.#site = site;
  }

  /** Nobody has asked for a body. */
  onBodyFailed(): void {}

  /** It may still read; if it does not, that shows when it is sent something. */
  onHalfClosed(): void {}

  onWritable(): void {
    this.#sender?.sendNext();
  }

  protected admitted(): void {
    if (this.method !== "GET" && this.method !== "HEAD") {
      this.#send(toTextAnswer(405, ["Allow", "GET, HEAD"]), "");
      return;
    }
    const { accept, "accept-encoding": acceptEncoding } = this.exchange.request.headers;
    const wish = { head: this.head, accept, acceptEncoding: acceptEncoding as string | undefined };
    this.#site.find(wish, (finding) => this.#answerWith(finding));
  }

  protected discard(): void {
    this.#sender?.stop();
  }

  #answerWith(finding: Finding): void {
    switch (finding.kind) {
      case "file":
        this.#answerWithFile(finding);
        break;
      case "fallback":
        this.#answerWithFile(finding.file, ["Vary", "Accept"]);
        break;
      case "redirect": {
        // Of a permanent one a browser thinks that it is for ever.
        const location = toLocation(finding.reference, this.head.query);
        const headers = ["Location", location, "Cache-Control", "no-cache"];
        this.#send({ status: 301, headers, pieces: [""] }, "");
        break;
      }
      case "listing":
        this.#send({ status: 200, headers: [...LISTING_HEADERS], pieces: [finding.page] }, "");
        break;
      case "failure":
        this.#fail(finding);
    }
  }

  #answerWithFile({ representation, content }: FoundFile, more: readonly string[] = []): void {
    // While it was read, its client has left or its time was over.
    if (this.isAnswered) {
      closeContent(content);
      return;
    }
    const { headers } = this.exchange.request;
    const answer = answerWithFile(this.method === "HEAD", headers, representation);
    answer.headers.push(...more);
    this.#send(answer, content);
  }

  #fail(failure: Finding & { kind: "failure" }): void {
    if (this.isAnswered) return;
    const { code = "", message } = failure.error;
    if (isMissing(failure)) {
      this.#send(toTextAnswer(404), "");
    } else if (code === "EACCES" || code === "EPERM") {
      this.#send(toTextAnswer(403), "");
    } else {
      this.context.telemetry.error(`A file cannot be served: ${message}`);
      this.#send(toTextAnswer(SHORTAGES.includes(code) ? 503 : 500), "");
    }
  }

  /** `content` is what those pieces are of that are no text of their own. */
  #send({ status, headers, pieces }: FileAnswer, content: FoundFile["content"]): void {
    if (status < 500 && status !== 405) this.outcome = SERVED;
    if (pieces !== undefined && this.method !== "HEAD" && typeof content === "string") {
      this.answer({ status, headers, body: cutOut(content, pieces) });
      return;
    }
    if (pieces !== undefined) headers.push("Content-Length", String(lengthOf(pieces)));
    this.answerHead(status, headers);
    if (pieces !== undefined && this.method !== "HEAD" && typeof content !== "string") {
      this.#stream(content, pieces);
    } else {
      closeContent(content);
      this.exchange.end();
    }
  }

  #stream(file: OpenFile, pieces: readonly Piece[]): void {
    const { exchange } = this;
    this.#sender = new FileSender({
      exchange,
      file,
      pieces,
      onEnd: (isWhole) => {
        if (isWhole) exchange.end();
        else this.#cutShort();
      },
    });
    this.#sender.sendNext();
  }

  /** The file is not any more what was promised. */
  #cutShort(): void {
    this.outcome = { kind: "aborted" };
    this.cut();
  }
}

const SERVED: Outcome = { kind: "exited", exitCode: 0 };
const LISTING_HEADERS = [
  "Content-Type",
  "text/html; charset=utf-8",
  "X-Content-Type-Options",
  "nosniff",
  "Cache-Control",
  "no-cache",
];
/** Of descriptors or memory: a later attempt may succeed. */
const SHORTAGES = ["EMFILE", "ENFILE", "ENOMEM", "EAGAIN"];

function cutOut(content: string, pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => (typeof piece === "string" ? piece : content.slice(piece.start, piece.end)))
    .join("");
}

function closeContent(content: FoundFile["content"]): void {
  if (typeof content !== "string") content.close();
}
