import { connect } from "node:net";
import type { Random } from "../../bench/soak/random.ts";
import { pick } from "../fuzz/mutate.ts";
import { takeBody } from "../support/framed-body.ts";

/** What came of a request. `refused`: a status says that it failed. `cut`: no answer, and it shows. `nobody`: none listened. */
export type Fate = "right" | "refused" | "cut" | "nobody" | "wrong";

export interface Asked {
  readonly fate: Fate;
  readonly status: number;
  /** Of what is wrong. */
  readonly words?: string;
}

/** What a watchdog says of a function that failed, or of itself. */
const REFUSALS = new Set([429, 500, 502, 503, 504]);

export interface AskOptions {
  /** Of HTTP. */
  readonly versions: readonly string[];
  /** Of bodies, about. */
  readonly sizes: readonly number[];
}

/**
 * Posts a body that nobody else posts to a function that echoes, and looks what comes back. An answer to
 * 1.0 whose length was not known ends with its connection, which the kernel closes in good order even for a server that was
 * killed.
 */
export async function ask(
  port: number,
  number: number,
  random: Random,
  { versions, sizes }: AskOptions,
): Promise<Asked> {
  const line = `request ${number}, ${random.next()}\n`;
  const body = line.repeat(Math.ceil(pick(sizes, random) / line.length));
  const version = pick(versions, random);
  const isChunked = version === "1.1" && random.next() < 0.5;
  const framing = isChunked ? "Transfer-Encoding: chunked" : `Content-Length: ${body.length}`;
  const head = `POST / HTTP/${version}\r\nHost: a\r\nConnection: close\r\n${framing}\r\n\r\n`;
  const heard = await talk(port, head + (isChunked ? toChunks(body) : body));
  return heard === undefined ? { fate: "nobody", status: 0 } : judge(heard, body);
}

function toChunks(body: string): string {
  const pieces = body.match(/.{1,9000}/gs) ?? [];
  return `${pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`).join("")}0\r\n\r\n`;
}

interface Heard {
  readonly text: string;
  readonly isReset: boolean;
}

function talk(port: number, text: string): Promise<Heard | undefined> {
  const { promise, resolve } = Promise.withResolvers<Heard | undefined>();
  const socket = connect({ port, host: "127.0.0.1" }).setEncoding("latin1");
  let received = "";
  let isReset = false;
  socket.write(text, "latin1");
  socket.on("data", (piece: string) => {
    received += piece;
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    isReset = true;
    if (error.code === "ECONNREFUSED") resolve(undefined);
  });
  socket.on("close", () => resolve({ text: received, isReset }));
  socket.setTimeout(60_000, () => {
    received = `HTTP/1.1 000 nothing in a minute\r\n\r\n${received}`;
    socket.destroy();
  });
  return promise;
}

function judge({ text, isReset }: Heard, body: string): Asked {
  const headEnd = text.indexOf("\r\n\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? -1);
  if (headEnd < 0) return { fate: "cut", status: 0 };
  const head = text.slice(0, headEnd);
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1]?.trimEnd();
  // Without a length the connection's end is the answer's: only a reset says that it was not.
  const answer = takeBody(text.slice(headEnd + 4), header, !isReset)?.taken;
  if (answer === undefined) return { fate: "cut", status };
  if (REFUSALS.has(status)) return { fate: "refused", status };
  if (status === 200 && answer === body) return { fate: "right", status };
  const words = `${status}, ${answer.length} of ${body.length} bytes: ${JSON.stringify(text.slice(0, 300))}`;
  return { fate: "wrong", status, words };
}
