import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
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

/** Sends a line over the handle channel, and a handle of Node's beside it. */
export type SendHandle = (
  message: object,
  handle: unknown,
  onSent: (error: Error | null) => void,
) => void;

type Send = NonNullable<typeof process.send>;

/** To whom Node's own IPC channel leads. */
export function createSendHandle(channel: { send?: Send }): SendHandle {
  return (message, handle, onSent) => {
    if (channel.send === undefined) onSent(new Error("there is no handle channel"));
    else channel.send(message, handle as Socket, {}, onSent);
  };
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
