import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import type { SpawnerConnection, SpawnerReceiver } from "./connection.ts";
import { ControlSocket, takeTurns } from "./control-socket.ts";
import { HEADER_BYTES } from "./frames.ts";
import { createSendHandle, listenForHandles, type SendHandle } from "./handle-channel.ts";
import { checkReady } from "./ready.ts";

const CONTROL = 3;
/** How long it may take until it says that it is ready, in milliseconds. */
const READY_LIMIT_MS = 5000;
/** How long a spawner that was told to end may take, in milliseconds; it gives its sessions two seconds. */
const END_LIMIT_MS = 3000;

/** From source: Node starts the spawner, which ends when Node does. Rejects where it cannot be started. */
export async function launchSpawner(path: string): Promise<SpawnerConnection> {
  const child = spawn(path, [], {
    // Its own session: what is meant for Node, Ctrl-C above all, does not reach it.
    detached: true,
    stdio: ["ignore", "ignore", "inherit", "pipe", "ipc"],
    env: {},
  });
  const control = child.stdio[CONTROL] as Socket;
  control.on("error", () => {});
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(describeEnd(code, signal)));
  });
  const limit = setTimeout(() => child.kill("SIGKILL"), READY_LIMIT_MS);
  try {
    const failed = ended.then((reason) => Promise.reject(new Error(reason)));
    checkReady(await Promise.race([readHeader(control), failed]));
    return new LaunchedSpawner(child, control, ended);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(limit);
  }
}

class LaunchedSpawner implements SpawnerConnection {
  readonly #child: ChildProcess;
  readonly #control: Socket;
  readonly #writer: ControlSocket;
  readonly #ended: Promise<string>;

  constructor(child: ChildProcess, control: Socket, ended: Promise<string>) {
    this.#child = child;
    this.#control = control;
    this.#writer = new ControlSocket(control);
    this.#ended = ended;
  }

  connect(receiver: SpawnerReceiver): void {
    this.#control.on("data", (bytes: Buffer) => {
      receiver.onBytes(bytes);
      takeTurns(this.#control, bytes.length);
    });
    listenForHandles(this.#child, receiver);
    // A spawner that cannot be heard any more is as good as gone; its children die with it.
    this.#control.once("close", () => this.#child.kill("SIGKILL"));
    void this.#ended.then((reason) => receiver.onEnded(reason));
  }

  get sendHandle(): SendHandle {
    return createSendHandle(this.#child);
  }

  send(frame: Buffer): void {
    this.#writer.send(frame);
  }

  async close(): Promise<void> {
    this.#control.removeAllListeners("close");
    this.#control.end();
    const limit = setTimeout(() => this.#child.kill("SIGKILL"), END_LIMIT_MS);
    await this.#ended;
    clearTimeout(limit);
  }
}

/** In paused mode, so that what follows stays in the socket for whoever connects. */
async function readHeader(control: Socket): Promise<Buffer> {
  for (;;) {
    const header: Buffer | null = control.read(HEADER_BYTES);
    if (header !== null) {
      return header;
    }
    await once(control, "readable");
  }
}

const describeEnd = (code: number | null, signal: NodeJS.Signals | null): string =>
  signal === null ? `exit code ${code}` : signal;
