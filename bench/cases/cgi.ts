import { fileURLToPath } from "node:url";
import type { Case } from "./case.ts";
import { closedLoop } from "./closed-loop.ts";

const program = fileURLToPath(new URL("prints-a-header", import.meta.url));

/** What it costs to read a head off the output, and to be ready to stream: the same program as text for `classic`. */
export const cgiCase: Case = {
  name: "cgi",
  peer: { name: "our classic", environment: { fprocess: program } },
  environment: { mode: "cgi", fprocess: program },
  freshServers: false,
  ...closedLoop({
    name: "cgi",
    title: "`cgi`, one header, c=8",
    load: { connections: 8 },
    bounds: { throughput: { must: 0.95 } },
  }),
};
