import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { takeBody } from "./framed-body.ts";
import { until } from "./until.ts";

/** An answer as it stood on the wire, one character a byte. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** The first value of a header, by its name in small letters. */
  header(name: string): string | undefined;
}

/** A client that sends bytes, well formed or not, and keeps what comes back. */
export class RawClient {
  readonly socket: Socket;
  received = "";
  /** How the other side has closed. */
  ending: "fin" | "reset" | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      this.received += text;
    });
    socket.on("end", () => {
      this.ending ??= "fin";
    });
    socket.on("error", () => {
      this.ending = "reset";
    });
    onTestFinished(() => {
      socket.destroy();
    });
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    await once(socket, "connect");
    return new RawClient(socket);
  }

  send(text: string): void {
    this.socket.write(text, "latin1");
  }

  /** Closes this side. */
  finish(): void {
    this.socket.end();
  }

  /** Leaves without a word. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  /** The next answer that has come whole, taken out of what was received. */
  async answer(limitMs?: number): Promise<RawAnswer> {
    await until(
      "a whole answer",
      () => parse(this.received, this.ending) !== undefined || this.ending !== undefined,
      limitMs,
    );
    const parsed = parse(this.received, this.ending);
    if (parsed === undefined) throw new Error(`no whole answer: ${JSON.stringify(this.received)}`);
    this.received = parsed.rest;
    return parsed.answer;
  }

  async closed(limitMs?: number): Promise<"fin" | "reset"> {
    await until("the other side closes", () => this.ending !== undefined, limitMs);
    return this.ending as "fin" | "reset";
  }
}

/** Sends a request in one piece on a connection of its own, and waits for the answer. */
export async function askRaw(port: number, request: string): Promise<RawAnswer> {
  const client = await RawClient.connect(port);
  client.send(request);
  const answer = await client.answer();
  client.socket.destroy();
  return answer;
}

function parse(text: string, ending: RawClient["ending"]) {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const [statusLine = "", ...lines] = text.slice(0, headEnd).split("\r\n");
  const status = Number(statusLine.split(" ")[1]);
  if (status < 200) return parse(text.slice(headEnd + 4), ending);
  const headers = lines.map((line) => {
    const colon = line.indexOf(": ");
    return [line.slice(0, colon), line.slice(colon + 2)] as const;
  });
  const header = (name: string) => headers.find(([key]) => key.toLowerCase() === name)?.[1];
  const rest = text.slice(headEnd + 4);
  const body =
    status === 204 || status === 304
      ? { taken: "", rest }
      : takeBody(rest, header, ending === "fin");
  return body === undefined
    ? undefined
    : { answer: { status, headers, header, body: body.taken }, rest: body.rest };
}
