import { fileURLToPath } from "node:url";
import { findFreePort } from "../../bench/server/free-port.ts";
import type { ChaosOptions } from "./run-chaos.ts";

const server = fileURLToPath(new URL("../fixtures/echoes-over-http.ts", import.meta.url));

type Function = Pick<ChaosOptions, "variables" | "versions" | "functionLifeMs">;

/** What chaos is made with in a mode: a function that echoes, and what clients can tell a cut answer in. */
export async function chaosIn(mode: string, program: string): Promise<Function> {
  if (mode === "http") {
    const port = await findFreePort();
    const variables = {
      mode,
      fprocess: `${process.execPath} ${server} ${port}`,
      upstream_url: `http://127.0.0.1:${port}`,
    };
    // It is started again more and more slowly.
    return { variables, versions: ["1.1"], functionLifeMs: 4_000 };
  }
  const variables = { fprocess: program, ...(mode === "classic" ? {} : { mode }) };
  const versions = mode === "streaming" ? ["1.1"] : ["1.0", "1.1", "1.1", "1.1"];
  return { variables, versions, functionLifeMs: 60 };
}
