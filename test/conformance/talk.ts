import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Case } from "./case.ts";
import { type Conversation, parseConversation } from "./conversation.ts";

/** Until a server that has said what it had to say counts as listening on. */
const QUIET_MS = 400;
/** The most that an answer takes, on a machine that does much else. */
const LIMIT_MS = 15_000;

/**
 * Sends a case and hears the server out. `expected`: what another one said, so that its end need not be guessed from
 * silence: as many answers are waited for, and the close, if there was one.
 */
export async function talk(
  port: number,
  one: Case,
  expected: Conversation | undefined,
): Promise<Conversation> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const heard = listen(socket);
  if (one.isHalfClosed) socket.end(one.sent, "latin1");
  else socket.write(one.sent, "latin1");
  const parse = () => parseConversation(heard.text, heard.ending, one.methods ?? []);
  await settle(heard, () => expected === undefined || says(parse(), expected));
  socket.destroy();
  return parse();
}

interface Heard {
  text: string;
  ending: Conversation["ending"];
  lastAt: number;
}

function listen(socket: Socket): Heard {
  const heard: Heard = { text: "", ending: "open", lastAt: performance.now() };
  socket.setEncoding("latin1");
  socket.on("data", (text: string) => {
    heard.text += text;
    heard.lastAt = performance.now();
  });
  socket.on("end", () => {
    if (heard.ending === "open") heard.ending = "closed";
  });
  socket.on("error", () => {
    heard.ending = "reset";
  });
  return heard;
}

async function settle(heard: Heard, isEnough: () => boolean): Promise<void> {
  const startedAt = performance.now();
  while (heard.ending === "open") {
    await delay(5);
    const now = performance.now();
    const isQuiet = now - heard.lastAt > QUIET_MS;
    if (isQuiet && (isEnough() || now - startedAt > LIMIT_MS)) return;
  }
}

/** At least as much was said, except that the connection's end may be still to come. */
const says = (conversation: Conversation, expected: Conversation): boolean =>
  expected.ending === "open" && conversation.answers.length >= expected.answers.length;
