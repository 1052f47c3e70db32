import type { BodySource } from "./request-body.ts";

/** A request as the upstream gets it. */
export interface OutgoingRequest {
  readonly method: string;
  /** The target, beginning with a slash. */
  readonly path: string;
  readonly host: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** `undefined`: none. */
  readonly body: Buffer | BodySource | undefined;
  /** Of the body, as it is said; -1: it comes in chunks; `undefined`: nothing is said, for there is none. */
  readonly length: number | undefined;
  /** The protocol that the client wants to go on with. */
  readonly upgrade: string | undefined;
}

/** Sent twice they do what they do sent once (RFC 9110 9.2.2), and Go's client takes the same for granted. */
const REPEATABLE: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** All of it can be sent once more, and does no harm. */
export function isRepeatable({ method, upgrade, body }: OutgoingRequest): boolean {
  const isWhole = body === undefined || Buffer.isBuffer(body);
  return isWhole && upgrade === undefined && REPEATABLE.has(method);
}

/** Copied into a string with the head, which node writes without a buffer of its own. */
const SMALL_BYTES = 4 * 1024;

/** The head of a request, and its body where that is here as a whole: one write for both. Latin1: one character is one byte. */
export function toWire(request: OutgoingRequest): string | Buffer {
  const { method, path, host, headers, body, length, upgrade } = request;
  let head = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n`;
  for (let index = 0; index < headers.length; index += 2) {
    head += `${headers[index]}: ${headers[index + 1]}\r\n`;
  }
  if (upgrade !== undefined) head += `Connection: Upgrade\r\nUpgrade: ${upgrade}\r\n`;
  if (length === -1) head += "Transfer-Encoding: chunked\r\n";
  else if (length !== undefined) head += `Content-Length: ${length}\r\n`;
  head += "\r\n";
  if (!Buffer.isBuffer(body) || body.length === 0) return head;
  if (body.length <= SMALL_BYTES) return head + body.toString("latin1");
  const wire = Buffer.allocUnsafe(head.length + body.length);
  wire.write(head, "latin1");
  wire.set(body, head.length);
  return wire;
}

/** The end of a body whose length nobody knows. */
export function toLastChunk(trailers: readonly [string, string][]): string {
  const lines = trailers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `0\r\n${lines}\r\n`;
}
