import { Socket, type SocketConstructorOpts } from "node:net";

/** A pipe end as Node's own IPC channel hands it over: what sits under a socket, and is nobody's yet. */
export interface PipeHandle {
  close(): void;
}

export function openPipe(handle: PipeHandle, direction: "readable" | "writable"): Socket {
  return new Socket({
    // This is how Node itself makes a socket of what came over the channel; the types know fewer kinds of handle.
    handle: handle as unknown as NonNullable<SocketConstructorOpts["handle"]>,
    readable: direction === "readable",
    writable: direction === "writable",
  });
}
