import type { Server } from "../server/server.ts";
import type { ProbeOptions, ProbeResult } from "./prober.ts";
import { nodeCommand, startProgram } from "./program.ts";

export async function probe(
  server: Server,
  options: Partial<Omit<ProbeOptions, "port">> & { readonly path: string },
): Promise<ProbeResult> {
  const defaults = { method: "GET", body: "", intervalMs: 0, count: 1, seconds: 60 };
  const command = nodeCommand("prober.ts", { ...defaults, ...options, port: server.port });
  return JSON.parse(await startProgram(server, command).output) as ProbeResult;
}
