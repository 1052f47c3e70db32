import type { Server } from "../server/server.ts";
import { nodeCommand, startProgram } from "./program.ts";
import type { StreamOptions, StreamResult } from "./streamer.ts";

type Body = Pick<StreamOptions, "bytes" | "framing">;

/** One body, sent and read back. */
export async function stream(server: Server, body: Body): Promise<StreamResult> {
  const [result] = await startStreams(server, { ...body, repeat: false }).results;
  if (result === undefined) throw new Error("the stream told nothing");
  return result;
}

export interface Streams {
  readonly results: Promise<readonly StreamResult[]>;
  /** The body under way is still finished. */
  stop(): void;
}

/** Bodies one after the other. */
export function startStreams(server: Server, options: Omit<StreamOptions, "port">): Streams {
  const program = startProgram(
    server,
    nodeCommand("streamer.ts", { ...options, port: server.port }),
  );
  return {
    results: program.output.then((output) => JSON.parse(output) as readonly StreamResult[]),
    stop: program.stop,
  };
}
