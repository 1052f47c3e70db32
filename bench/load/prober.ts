import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createAnswerParser } from "./answer-parser.ts";

/** Sends one request after the other over one connection and prints what became of each. Started by `probe`. */
export interface ProbeOptions {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly intervalMs: number;
  /** Ends after as many, */
  readonly count: number;
  /** or after this time. */
  readonly seconds: number;
}

export interface ProbeResult {
  /** Until the whole answer was there. */
  readonly latenciesMs: readonly number[];
  /** Until the first byte of the last answer's body was there. */
  readonly firstByteMs: number;
  /** How often each status came. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly lastBody: string;
}

interface Answer {
  readonly status: number;
  readonly firstByteMs: number;
  readonly body: string;
}

if (import.meta.main) {
  const result = await sendAll(JSON.parse(process.argv[2] ?? "") as ProbeOptions);
  console.log(JSON.stringify(result));
}

async function sendAll(options: ProbeOptions): Promise<ProbeResult> {
  const socket = connect({ port: options.port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  const latenciesMs: number[] = [];
  const statuses: Record<string, number> = {};
  let last: Answer = { status: 0, firstByteMs: 0, body: "" };
  const end = performance.now() + options.seconds * 1e3;
  while (latenciesMs.length < options.count && performance.now() < end) {
    const begun = performance.now();
    last = await ask(socket, options);
    latenciesMs.push(performance.now() - begun);
    statuses[last.status] = (statuses[last.status] ?? 0) + 1;
    await sleep(options.intervalMs);
  }
  socket.destroy();
  return { latenciesMs, statuses, firstByteMs: last.firstByteMs, lastBody: last.body };
}

function ask(socket: Socket, { method, path, body }: ProbeOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let status = 0;
    let received = "";
    let firstByteMs = 0;
    const begun = performance.now();
    const parser = createAnswerParser({
      onHead: (head) => {
        status = head.status;
      },
      onBody: (piece) => {
        firstByteMs ||= performance.now() - begun;
        received += piece.toString("latin1");
      },
      onComplete: () => {
        socket.off("data", onData).off("close", onClose);
        resolve({ status, firstByteMs, body: received });
      },
    });
    const onData = (bytes: Buffer) => parser.push(bytes);
    const onClose = () => reject(new Error(`${method} ${path}: cut off`));
    socket.on("data", onData).on("close", onClose);
    const length = body === "" ? "" : `Content-Length: ${body.length}\r\n`;
    socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${length}\r\n${body}`);
  });
}
