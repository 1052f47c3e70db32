import type { Exchange } from "./client.ts";
import type { Fate, Mode } from "./kind.ts";

/** What is wrong with what the client got; `undefined`: nothing. */
export function findFault(mode: Mode, fate: Fate, sent: Buffer, got: Exchange): string | undefined {
  if (fate.is === "abandoned") return undefined;
  const expected = expect(mode, fate, sent);
  // The reset that cuts an answer off takes with it what the client has not read yet.
  if (expected.cut && !got.complete) return undefined;
  if (got.status !== expected.status)
    return `status ${got.status}, ${describe(got)}, not ${expected.status}`;
  if (expected.cut) return "not cut off";
  if (!got.complete) return `cut off, ${describe(got)}`;
  if (expected.body && !got.body.equals(expected.body)) return `another body, ${describe(got)}`;
  if (expected.begins && !startsWith(got.body, expected.begins))
    return `another body, ${describe(got)}`;
  return undefined;
}

interface Expected {
  readonly status: number;
  readonly cut: boolean;
  readonly body?: Buffer;
  readonly begins?: string;
}

function expect(mode: Mode, fate: Exclude<Fate, { is: "abandoned" }>, sent: Buffer): Expected {
  if (fate.is === "answered") {
    return { status: 200, cut: false, body: fate.body === "echo" ? sent : Buffer.from(fate.body) };
  }
  if (fate.is === "refused") return { status: fate.status, cut: false };
  if (mode === "streaming") return expectStreaming(fate, sent);
  if (fate.is === "timed out") return expectTimedOut(mode);
  const reason = fate.is === "exited" ? `exit status ${fate.code}` : `signal: ${fate.signal}`;
  return { status: 500, cut: false, begins: reason };
}

function expectTimedOut(mode: Mode): Expected {
  if (mode === "classic")
    return { status: 408, cut: false, body: Buffer.from("Killed process.\n") };
  return { status: 500, cut: false };
}

/** What went wrong behind the first byte shows in a cut connection alone. */
function expectStreaming(
  fate: Extract<Fate, { is: "exited" | "signaled" | "timed out" }>,
  sent: Buffer,
): Expected {
  const output = fate.is === "signaled" ? "" : fate.output;
  if (output === "") return { status: 500, cut: false };
  return { status: 200, cut: true, body: output === "echo" ? sent : Buffer.from(output) };
}

function startsWith(body: Buffer, text: string): boolean {
  return body.toString("latin1", 0, text.length) === text;
}

function describe({ body, milliseconds, behind = "nothing" }: Exchange): string {
  return `${body.length} bytes after ${milliseconds.toFixed(0)} ms behind ${behind}: ${JSON.stringify(body.toString("latin1", 0, 60))}`;
}
