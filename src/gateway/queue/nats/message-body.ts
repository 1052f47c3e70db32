import type { Answer, QueuedRequest } from "../queue.ts";

/**
 * A head of JSON with its length before it (four bytes, little endian), and the body as it is. Headers stay in the body of a
 * message: they can be larger than the head of one.
 */
function pack(head: object, body: Uint8Array): Uint8Array {
  const text = Buffer.from(JSON.stringify(head));
  const packed = Buffer.allocUnsafe(4 + text.length + body.byteLength);
  packed.writeUInt32LE(text.length);
  text.copy(packed, 4);
  packed.set(body, 4 + text.length);
  return packed;
}

function unpack(packed: Uint8Array): { readonly head: unknown; readonly body: Uint8Array } {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const end = 4 + bytes.readUInt32LE();
  const head = JSON.parse(bytes.toString("utf8", 4, end));
  // Memory of its own: what came with it from the network would be held too.
  return { head, body: Uint8Array.prototype.slice.call(bytes, end) };
}

export function packRequest({ body, ...head }: QueuedRequest): Uint8Array {
  return pack(head, body);
}

export function unpackRequest(packed: Uint8Array): QueuedRequest {
  const { head, body } = unpack(packed);
  return { ...(head as Omit<QueuedRequest, "body">), body };
}

export function packAnswer({ body, ...head }: Answer): Uint8Array {
  return pack(head, body);
}

export function unpackAnswer(packed: Uint8Array): Answer {
  const { head, body } = unpack(packed);
  return { ...(head as Omit<Answer, "body">), body };
}
