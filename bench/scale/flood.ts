import { once } from "node:events";
import { connect, type Socket } from "node:net";

interface FloodOptions {
  readonly port: number;
  readonly path: string;
  readonly requests: number;
  readonly connections: number;
  readonly body: string;
}

export interface FloodResult {
  readonly perSecond: number;
  /** Of those that were accepted with 202. */
  readonly callIds: readonly string[];
  readonly refused: number;
  readonly latenciesMs: readonly number[];
}

/** Queues invocations over kept-alive connections, each of which waits for its answer; cheap enough to share a machine with. */
export async function flood(options: FloodOptions): Promise<FloodResult> {
  const callIds: string[] = [];
  const latenciesMs: number[] = [];
  let refused = 0;
  let left = options.requests;
  const begun = performance.now();
  const work = async () => {
    const socket = connect({ port: options.port, host: "127.0.0.1", noDelay: true });
    socket.setEncoding("latin1");
    await once(socket, "connect");
    while (left-- > 0) {
      const sent = performance.now();
      const head = await ask(socket, options);
      latenciesMs.push(performance.now() - sent);
      const callId = /\r\nX-Call-Id: (\S+)/i.exec(head)?.[1];
      if (head.startsWith("HTTP/1.1 202 ") && callId !== undefined) callIds.push(callId);
      else refused++;
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: options.connections }, work));
  const perSecond = options.requests / ((performance.now() - begun) / 1e3);
  return { perSecond, callIds, refused, latenciesMs };
}

/** Its answer's head; what is accepted, or refused in a line, comes in one piece. */
async function ask(socket: Socket, { path, body }: FloodOptions): Promise<string> {
  const answered = once(socket, "data");
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n`;
  socket.write(head + body);
  const [text] = (await answered) as [string];
  return text;
}
