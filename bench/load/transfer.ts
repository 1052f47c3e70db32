import { once } from "node:events";
import { connect } from "node:net";
import { createAnswerParser } from "./answer-parser.ts";

/** Sends a big body to `/sink`, then fetches as much from `/source`, as fast as it goes. Started by `transfer`. */
interface TransferOptions {
  readonly port: number;
  readonly bytes: number;
}

export interface TransferResult {
  readonly upSeconds: number;
  readonly downSeconds: number;
  /** Bytes that did not arrive, either way. */
  readonly lost: number;
}

const piece = Buffer.alloc(256 * 1024, "b");

if (import.meta.main) {
  console.log(JSON.stringify(await transfer(JSON.parse(process.argv[2] ?? "") as TransferOptions)));
}

async function transfer({ port, bytes }: TransferOptions): Promise<TransferResult> {
  const head = `POST /sink HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n\r\n`;
  const up = await ask(port, head, bytes);
  const down = await ask(port, `GET /source/${bytes} HTTP/1.1\r\nHost: x\r\n\r\n`, 0);
  const lost = bytes - Number(up.text) + bytes - down.received;
  return { upSeconds: up.seconds, downSeconds: down.seconds, lost };
}

async function ask(port: number, head: string, bytes: number) {
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
  let left = bytes;
  const send = () => {
    while (left > 0) {
      const part = left < piece.length ? piece.subarray(0, left) : piece;
      left -= part.length;
      if (!socket.write(part)) return;
    }
  };
  socket.on("drain", send);
  send();
  await Promise.race([completed, once(socket, "close")]);
  const seconds = (performance.now() - begun) / 1e3;
  socket.destroy();
  return { received, text, seconds };
}
