import type { EventEmitter } from "node:events";
import type { PipeHandle } from "./pipe-handle.ts";

/** Which pipe of which run. */
export interface PipeName {
  readonly id: number;
  readonly fd: number;
}

export interface HandleReceiver {
  onHandle(name: PipeName, handle: PipeHandle): void;
  /** Node has no descriptor left for this pipe end; it is closed. */
  onHandleLost(name: PipeName): void;
}

/**
 * Listens to Node's own IPC channel. Where Node has no descriptor left the message comes without its pipe end, and Node keeps
 * it to itself: then it is only seen among its internal messages. Unheard, a process would take the lost end for an input
 * that is complete.
 */
export function listenForHandles(channel: EventEmitter, receiver: HandleReceiver): void {
  channel.on("message", (name: PipeName, handle: PipeHandle) => receiver.onHandle(name, handle));
  channel.on("internalMessage", (message: { cmd?: string; msg: PipeName }, handle: unknown) => {
    if (message.cmd === "NODE_HANDLE" && handle == null) {
      receiver.onHandleLost(message.msg);
    }
  });
}
