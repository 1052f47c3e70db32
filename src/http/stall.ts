import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Resets the connection of a client that takes nothing of its answer for as long as this; 0 is no limit. */
export function resetOnStall(response: ServerResponse, socket: Socket, timeoutMs: number): void {
  if (timeoutMs === 0) return;
  socket.setTimeout(timeoutMs);
  response.on("timeout", () => {
    // Where nothing waits to be sent it is the function that is quiet, and that is its deadline's business.
    if (response.writableLength === 0) socket.setTimeout(timeoutMs);
    else socket.resetAndDestroy();
  });
}
