import { fileURLToPath } from "node:url";
import type { Case } from "./case.ts";
import { closedLoop } from "./closed-loop.ts";

/** Files without a process: what is left is the watchdog's own work. */
export const staticCase: Case = {
  name: "static",
  peer: "of",
  environment: { mode: "static", static_path: fileURLToPath(new URL("site", import.meta.url)) },
  freshServers: false,
  ...closedLoop({
    name: "static",
    title: "`static`, a file of 1 KiB, c=64",
    load: { connections: 64, path: "/page.html", method: "GET" },
    bounds: { throughput: { must: 1.0, aim: 1.5 } },
  }),
};
