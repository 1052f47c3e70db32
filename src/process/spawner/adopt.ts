import { Socket } from "node:net";
import type { SpawnerConnection, SpawnerReceiver } from "./connection.ts";
import { ControlSocket, takeTurns } from "./control-socket.ts";
import { createSendHandle, listenForHandles } from "./handle-channel.ts";

const READ_BUFFER_BYTES = 64 * 1024;

/** In the image: the spawner has started Node, and `descriptor` is the control socket. READY was read before. */
export function adoptSpawner(descriptor: number): SpawnerConnection {
  let receiver: SpawnerReceiver | undefined;
  // One buffer for all reads: what is kept of a frame is copied anyway.
  const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  const control = new Socket({
    fd: descriptor,
    readable: true,
    writable: true,
    onread: {
      buffer,
      callback(size) {
        receiver?.onBytes(buffer.subarray(0, size));
        takeTurns(control, size);
        return true;
      },
    },
  });
  const writer = new ControlSocket(control);
  return {
    connect(given) {
      receiver = given;
      control.on("error", () => {});
      control.once("close", () => given.onEnded("its socket is closed"));
      listenForHandles(process, given);
    },
    send: (frame) => writer.send(frame),
    sendHandle: createSendHandle(process),
    // It is PID 1: were its socket closed it would end the container before Node has said how it exits.
    async close() {
      control.unref();
      process.channel?.unref();
    },
  };
}
