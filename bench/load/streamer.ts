import { randomFillSync } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createAnswerParser } from "./answer-parser.ts";

/**
 * Sends bodies and reads what comes back at the same time, both as fast as it goes, and compares each byte. Started by
 * `stream`. It never waits for the answer with sending, nor the other way round.
 */
export interface StreamOptions {
  readonly port: number;
  readonly bytes: number;
  /** Whether the server is told the length before. */
  readonly framing: "length" | "chunked";
  /** Bodies one after the other, until TERM. */
  readonly repeat: boolean;
}

export interface StreamResult {
  readonly status: number;
  readonly received: number;
  /** Each byte is the one that was sent at its place. */
  readonly intact: boolean;
  /** The answer ended as HTTP says, not by a cut connection. */
  readonly complete: boolean;
  readonly seconds: number;
}

const pieceLength = 256 * 1024;
// Not a power of two: a lost page or buffer shows.
const patternLength = 1024 * 1024 + 4099;
const pattern = randomFillSync(Buffer.alloc(patternLength));
// Any piece of the endless pattern is one slice of this.
const doubled = Buffer.concat([pattern, pattern.subarray(0, pieceLength)]);

if (import.meta.main) await main(JSON.parse(process.argv[2] ?? "") as StreamOptions);

async function main(options: StreamOptions): Promise<void> {
  const results: StreamResult[] = [];
  let stopped = !options.repeat;
  process.once("SIGTERM", () => {
    stopped = true;
  });
  do results.push(await streamOnce(options));
  while (!stopped);
  console.log(JSON.stringify(results));
}

async function streamOnce({ port, bytes, framing }: StreamOptions): Promise<StreamResult> {
  const check = createCheck(bytes);
  const buffer = Buffer.alloc(pieceLength);
  const socket = connect({
    port,
    host: "127.0.0.1",
    onread: {
      buffer,
      callback: (length, filled) => {
        check.push((filled as Buffer).subarray(0, length));
        return true;
      },
    },
  });
  await once(socket, "connect");
  const begun = performance.now();
  // What cannot be sent shows in what comes back.
  socket.on("error", () => {});
  sendBody(socket, bytes, framing === "chunked");
  await Promise.race([check.completed, once(socket, "close")]);
  const seconds = (performance.now() - begun) / 1e3;
  socket.destroy();
  return { ...check.result(), seconds };
}

function sendBody(socket: Socket, bytes: number, isChunked: boolean): void {
  const framing = isChunked ? "Transfer-Encoding: chunked" : `Content-Length: ${bytes}`;
  let sent = 0;
  const sendMore = () => {
    while (sent < bytes) {
      const piece = expectedPiece(sent, Math.min(pieceLength, bytes - sent));
      sent += piece.length;
      if (!sendPiece(socket, piece, isChunked)) return;
    }
    socket.off("drain", sendMore);
    if (isChunked) socket.write("0\r\n\r\n");
  };
  socket.on("drain", sendMore);
  socket.write(
    `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n${framing}\r\n\r\n`,
  );
  sendMore();
}

function sendPiece(socket: Socket, piece: Buffer, isChunked: boolean): boolean {
  if (!isChunked) return socket.write(piece);
  socket.cork();
  socket.write(`${piece.length.toString(16)}\r\n`);
  socket.write(piece);
  const mayGoOn = socket.write("\r\n");
  socket.uncork();
  return mayGoOn;
}

function expectedPiece(offset: number, length: number): Buffer {
  const start = offset % patternLength;
  return doubled.subarray(start, start + length);
}

function createCheck(bytes: number) {
  const { promise: completed, resolve } = Promise.withResolvers<void>();
  let status = 0;
  let received = 0;
  let same = true;
  let complete = false;
  const parser = createAnswerParser({
    onHead: (head) => {
      status = head.status;
    },
    onBody: (piece) => {
      // Once bytes are missing nothing behind them is at its place.
      same &&= piece.equals(expectedPiece(received, piece.length));
      received += piece.length;
    },
    onComplete: () => {
      complete = true;
      resolve();
    },
  });
  return {
    completed,
    push: (chunk: Buffer) => parser.push(chunk),
    result: () => ({ status, received, intact: same && received === bytes, complete }),
  };
}
