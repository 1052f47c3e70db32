import { fileURLToPath } from "node:url";
import { findFreePort } from "../../bench/server/free-port.ts";
import type { ChaosOptions } from "./run-chaos.ts";

const server = fileURLToPath(new URL("../fixtures/echoes-over-http.ts", import.meta.url));

type Function = Pick<ChaosOptions, "variables" | "asks" | "functionLifeMs">;

const SIZES = [0, 1, 100, 5_000, 60_000, 70_000, 300_000];
/** It goes past Node, once its head has gone. */
const SPLICED = 6_000_000;

export const CHAOS_MODES: readonly string[] = [
  "classic",
  "serializing",
  "streaming",
  "cgi",
  "http",
];

/** What chaos is made with in one of the modes: a function that echoes, and what clients can tell a cut answer in. */
export async function chaosIn(mode: string, program: string): Promise<Function> {
  if (mode === "http") {
    const port = await findFreePort();
    const variables = {
      mode,
      fprocess: `${process.execPath} ${server} ${port}`,
      upstream_url: `http://127.0.0.1:${port}`,
    };
    // It is started again more and more slowly.
    const asks = { versions: ["1.1"], sizes: [...SIZES, SPLICED] };
    return { variables, asks, functionLifeMs: 4_000 };
  }
  const fprocess = mode === "cgi" ? `${program} cgi` : program;
  const variables = { fprocess, ...(mode === "classic" ? {} : { mode }) };
  const isFlowing = mode === "streaming" || mode === "cgi";
  const versions = isFlowing ? ["1.1"] : ["1.0", "1.1", "1.1", "1.1"];
  return { variables, asks: { versions, sizes: SIZES }, functionLifeMs: 60 };
}
