import { fileURLToPath } from "node:url";
import { probe } from "../load/probe.ts";
import type { Case } from "./case.ts";

const program = fileURLToPath(new URL("writes-twice", import.meta.url));
const bothLines = "one\ntwo\n";

/** A function that has something to say before it is done: events, progress, tokens. */
export const firstChunkCase: Case = {
  name: "first-chunk",
  peer: "of",
  environment: { mode: "streaming", fprocess: program },
  freshServers: false,
  rows: [
    {
      name: "first chunk",
      title: "`streaming`, two lines half a second apart: the first one is there after",
      unit: "ms",
      better: "lower",
      judged: "ratio",
    },
  ],
  async measure(server) {
    const { firstByteMs, lastBody } = await probe(server, { path: "/", method: "POST", body: "x" });
    return {
      values: { "first chunk": firstByteMs },
      notes: lastBody === bothLines ? [] : [`answered with ${JSON.stringify(lastBody)}`],
    };
  },
};
