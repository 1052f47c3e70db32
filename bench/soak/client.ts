import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type AnswerHead, createAnswerParser } from "../load/answer-parser.ts";
import type { Kind } from "./kind.ts";
import type { Random } from "./random.ts";

/** What came of one request, as its client saw it. */
export interface Exchange {
  /** 0: no answer. */
  readonly status: number;
  readonly body: Buffer;
  /** The answer ended as HTTP says. */
  readonly complete: boolean;
  /** The server will read another request from this connection. */
  readonly keepsAlive: boolean;
  readonly milliseconds: number;
  /** What this connection was used for before, if it was. */
  readonly behind?: string | undefined;
}

/** One client: sends one request after another, over one connection as long as it can be used. */
export interface Client {
  send(kind: Kind, body: Buffer): Promise<Exchange>;
  close(): void;
}

const nothing: Exchange = {
  status: 0,
  body: Buffer.alloc(0),
  complete: false,
  keepsAlive: false,
  milliseconds: 0,
};
const patienceMs = 30_000;

export function createClient(port: number, random: Random): Client {
  let kept: Socket | undefined;
  let behind: string | undefined;
  const open = async () => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    await once(socket, "connect");
    // What was lost shows in the answer.
    return socket.on("error", () => {});
  };
  return {
    async send(kind, body) {
      const mayReuse = !kind.client.startsWith("leaves") && kind.client !== "half-closes";
      const reused = mayReuse && kept !== undefined && !kept.destroyed ? kept : undefined;
      const socket = reused ?? (await open());
      if (!mayReuse) return talk(socket, kind, body, random);
      const exchange = {
        ...(await talk(socket, kind, body, random)),
        behind: reused ? behind : undefined,
      };
      behind = `${kind.name} (${exchange.status})`;
      const mayKeep = exchange.keepsAlive && !socket.readableEnded && !kind.mayEndConnection;
      kept = mayKeep ? socket : undefined;
      if (kept === undefined) socket.destroy();
      return exchange;
    },
    close() {
      kept?.destroy();
      kept = undefined;
    },
  };
}

async function talk(socket: Socket, kind: Kind, body: Buffer, random: Random): Promise<Exchange> {
  if (kind.client.startsWith("leaves")) {
    await sendAndLeave(socket, kind, body, random);
    return nothing;
  }
  const answer = receive(socket, kind.client === "reads slowly");
  await sendRequest(socket, kind, body);
  const exchange = await answer;
  if (kind.client === "half-closes") socket.destroy();
  return exchange;
}

async function sendRequest(socket: Socket, kind: Kind, body: Buffer): Promise<void> {
  if (kind.client === "sends slowly") {
    socket.write(requestHead(kind, body));
    for (const piece of split(body, 4)) {
      socket.write(piece);
      await sleep(10);
    }
  } else if (kind.client === "sends chunked") {
    socket.write(requestHead(kind, body));
    for (const piece of split(body, 4)) {
      socket.write(Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, crlf]));
    }
    socket.write("0\r\n\r\n");
  } else {
    socket.write(Buffer.concat([requestHead(kind, body), body]));
    if (kind.client === "half-closes") socket.end();
  }
}

/** Goes at the phase's moment, half of the time with a reset. */
async function sendAndLeave(
  socket: Socket,
  kind: Kind,
  body: Buffer,
  random: Random,
): Promise<void> {
  const whole = Buffer.concat([requestHead(kind, body), body]);
  const bodyStart = whole.length - body.length;
  if (kind.client === "leaves in the head") socket.write(whole.subarray(0, bodyStart >> 1));
  else if (kind.client === "leaves before the body") socket.write(whole.subarray(0, bodyStart));
  else if (kind.client === "leaves in the body") {
    socket.write(whole.subarray(0, bodyStart + 1 + random.below(body.length - 1)));
  } else if (kind.client !== "leaves when connected") socket.write(whole);
  if (kind.client === "leaves while the function works") await sleep(random.below(40));
  else if (kind.client === "leaves in the answer") await firstBytes(socket);
  else if (random.next() < 0.5) await sleep(random.below(3));
  if (random.next() < 0.5) socket.resetAndDestroy();
  else socket.destroy();
}

async function firstBytes(socket: Socket): Promise<void> {
  await Promise.race([once(socket, "data"), once(socket, "close")]);
}

const crlf = Buffer.from("\r\n");

function requestHead(kind: Kind, body: Buffer): Buffer {
  const headers: Record<string, string | number> = {
    Host: "localhost",
    "X-Do": kind.does,
    ...kind.headers,
    ...(kind.client === "half-closes" && { Connection: "close" }),
    ...(kind.client === "sends chunked"
      ? { "Transfer-Encoding": "chunked" }
      : { "Content-Length": body.length }),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${kind.method ?? "POST"} / HTTP/1.1\r\n${lines.join("")}\r\n`);
}

function split(body: Buffer, pieces: number): Buffer[] {
  const length = Math.ceil(body.length / pieces);
  return Array.from({ length: pieces }, (_, index) =>
    body.subarray(index * length, (index + 1) * length),
  ).filter((piece) => piece.length > 0);
}

function receive(socket: Socket, slowly: boolean): Promise<Exchange> {
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  const begun = performance.now();
  const pieces: Buffer[] = [];
  let head: AnswerHead = { status: 0, headers: new Map() };
  const settle = (complete: boolean) => {
    clearTimeout(timer);
    socket.off("data", onData).off("end", onEnd).off("close", onClose);
    const milliseconds = performance.now() - begun;
    const keepsAlive = complete && head.headers.get("connection") !== "close";
    const body = Buffer.concat(pieces);
    resolve({ status: head.status, body, complete, keepsAlive, milliseconds });
  };
  const parser = createAnswerParser({
    onHead: (received) => {
      head = received;
    },
    onBody: (piece) => pieces.push(piece),
    onComplete: () => settle(true),
  });
  const onData = (bytes: Buffer) => {
    parser.push(bytes);
    if (slowly) pauseFor(socket, 5);
  };
  const onEnd = () => parser.end();
  const onClose = () => settle(false);
  const timer = setTimeout(() => socket.destroy(), patienceMs);
  socket.on("data", onData).on("end", onEnd).on("close", onClose);
  return promise;
}

function pauseFor(socket: Socket, milliseconds: number): void {
  socket.pause();
  setTimeout(() => socket.resume(), milliseconds);
}
