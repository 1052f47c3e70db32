import { once } from "node:events";
import { connect } from "node:net";
import { createAnswerParser } from "./answer-parser.ts";

/** Sends a big body to `/sink`, then fetches as much from `/source` or `/chunks`, as fast as it goes. Started by `startTransfer`. */
export interface TransferOptions {
  readonly port: number;
  readonly bytes: number;
  /** In front of these paths. */
  readonly prefix: string;
  /** Whether receivers are told the length before. */
  readonly framing: "length" | "chunked";
}

export interface TransferResult {
  readonly upSeconds: number;
  readonly downSeconds: number;
  /** Bytes that did not arrive, either way. */
  readonly lost: number;
}

const piece = Buffer.alloc(256 * 1024, "b");
const wholeChunk = toChunk(piece);

if (import.meta.main) {
  console.log(JSON.stringify(await transfer(JSON.parse(process.argv[2] ?? "") as TransferOptions)));
}

async function transfer(options: TransferOptions): Promise<TransferResult> {
  const { port, bytes, prefix, framing } = options;
  const isChunked = framing === "chunked";
  const length = isChunked ? "Transfer-Encoding: chunked" : `Content-Length: ${bytes}`;
  const sink = `POST ${prefix}/sink HTTP/1.1\r\nHost: x\r\n${length}\r\n\r\n`;
  const up = await ask(port, sink, toPieces(bytes, isChunked));
  const path = `${prefix}/${isChunked ? "chunks" : "source"}/${bytes}`;
  const down = await ask(port, `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`, []);
  const lost = bytes - Number(up.text) + bytes - down.received;
  return { upSeconds: up.seconds, downSeconds: down.seconds, lost };
}

function* toPieces(bytes: number, isChunked: boolean): Generator<Uint8Array> {
  for (let left = bytes; left > 0; left -= piece.length) {
    const part = left < piece.length ? piece.subarray(0, left) : piece;
    if (isChunked) yield part === piece ? wholeChunk : toChunk(part);
    else yield part;
  }
  if (isChunked) yield Buffer.from("0\r\n\r\n");
}

function toChunk(part: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")]);
}

async function ask(port: number, head: string, body: Iterable<Uint8Array>) {
  const { promise: completed, resolve } = Promise.withResolvers<void>();
  let received = 0;
  let text = "";
  const parser = createAnswerParser({
    onHead() {},
    onBody(part) {
      received += part.length;
      if (received < 100) text += part.toString("latin1");
    },
    onComplete: resolve,
  });
  const socket = connect({
    port,
    host: "127.0.0.1",
    onread: {
      buffer: Buffer.alloc(piece.length),
      callback: (length, filled) => {
        parser.push((filled as Buffer).subarray(0, length));
        return true;
      },
    },
  });
  await once(socket, "connect");
  socket.on("error", () => {});
  const begun = performance.now();
  socket.write(head);
  const pieces = body[Symbol.iterator]();
  const send = () => {
    for (let next = pieces.next(); !next.done; next = pieces.next()) {
      if (!socket.write(next.value)) return;
    }
  };
  socket.on("drain", send);
  send();
  await Promise.race([completed, once(socket, "close")]);
  const seconds = (performance.now() - begun) / 1e3;
  socket.destroy();
  return { received, text, seconds };
}
