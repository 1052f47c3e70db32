import type { HandleReceiver, SendHandle } from "./handle-channel.ts";

/** What comes from the spawner. */
export interface SpawnerReceiver extends HandleReceiver {
  /** Bytes of the control socket, valid during the call alone. */
  onBytes(bytes: Buffer): void;
  /** The spawner has ended, or cannot be heard any more. Once. */
  onEnded(reason: string): void;
}

/** The two sockets between Node and the spawner, wherever that runs. */
export interface SpawnerConnection {
  /** Before anything else. */
  connect(receiver: SpawnerReceiver): void;
  /** All frames of one turn leave in one write. */
  send(frame: Buffer): void;
  readonly sendHandle: SendHandle;
  /** Ends the spawner where it is ours to end, once it has ended every session. */
  close(): Promise<void>;
}
