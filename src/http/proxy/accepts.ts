import { connect } from "node:net";
import type { UpstreamAddress } from "../../core/upstream-address.ts";

const PATIENCE_MS = 1_000;

/** Whether somebody listens there. */
export function accepts({ host, port, socketPath }: UpstreamAddress): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = socketPath === undefined ? connect({ host, port }) : connect(socketPath);
  socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  socket.once("connect", () => {
    resolve(true);
    socket.destroy();
  });
  socket.on("error", () => {});
  socket.once("close", () => resolve(false));
  return promise;
}
