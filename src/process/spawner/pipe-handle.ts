import { Socket, type SocketConstructorOpts } from "node:net";

/** A pipe end as Node's own IPC channel hands it over: what sits under a socket, and is nobody's yet. */
export interface PipeHandle {
  close(): void;
}

export function openPipe(handle: PipeHandle, direction: "readable" | "writable"): Socket {
  // The types do not know `handle`; it is how Node itself makes a socket of what came over the channel.
  const options: SocketConstructorOpts & { handle: PipeHandle } = {
    handle,
    readable: direction === "readable",
    writable: direction === "writable",
  };
  return new Socket(options);
}
