import type { Server } from "../server/server.ts";
import { nodeCommand, startProgram } from "./program.ts";
import type { TransferOptions, TransferResult } from "./transfer.ts";

/** A big body to the function behind the server, then one from it. */
export async function startTransfer(
  server: Server,
  options: Omit<TransferOptions, "port">,
): Promise<TransferResult> {
  const command = nodeCommand("transfer.ts", { ...options, port: server.port });
  return JSON.parse(await startProgram(server, command).output) as TransferResult;
}
