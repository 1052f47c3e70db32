import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../../bench/soak/random.ts";
import type { Heard } from "./check-answers.ts";

/** How a client sends: in pieces as they fall, and what it does behind the last one. */
export interface Manner {
  readonly cuts: readonly number[];
  /** Between two pieces. */
  readonly pauseMs: number;
  readonly leaves: "waits" | "half-closes" | "resets";
}

export function drawManner(length: number, random: Random): Manner {
  const cuts = Array.from({ length: random.below(4) }, () => random.below(length + 1));
  const leaves = (["waits", "waits", "half-closes", "half-closes", "resets"] as const)[
    random.below(5)
  ] as Manner["leaves"];
  const pauseMs = random.next() < 0.9 ? 0 : random.below(50);
  return { cuts: cuts.sort((a, b) => a - b), pauseMs, leaves };
}

/** The longest that a server may say nothing before it is taken to wait for more. */
const QUIET_MS = 60;

/** Sends `text` and hears what comes back, until the server closes or has nothing to say. */
export async function visit(
  port: number,
  text: string,
  manner: Manner,
  isCut: (heard: Heard) => boolean | undefined,
): Promise<Heard> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const isHalfClosed = manner.leaves === "half-closes";
  const heard = { text: "", ending: "open" as Heard["ending"], isHalfClosed };
  let lastAt = performance.now();
  socket.setEncoding("latin1").on("data", (piece: string) => {
    heard.text += piece;
    lastAt = performance.now();
  });
  socket.on("end", () => {
    if (heard.ending === "open") heard.ending = "closed";
  });
  socket.on("error", () => {
    heard.ending = "reset";
  });
  let from = 0;
  for (const cut of [...manner.cuts, text.length]) {
    socket.write(text.slice(from, cut), "latin1");
    from = cut;
    await delay(manner.pauseMs);
  }
  if (isHalfClosed) socket.end();
  if (manner.leaves === "resets") socket.resetAndDestroy();
  while (heard.ending === "open" && !socket.destroyed && performance.now() - lastAt < QUIET_MS) {
    await delay(5);
  }
  // An answer that has begun is waited for, however busy the machine is.
  const patience = performance.now() + 10_000;
  const isWaiting = () => heard.ending === "open" && !socket.destroyed && isCut(heard);
  while (isWaiting() && performance.now() < patience) await delay(10);
  socket.destroy();
  return heard;
}
