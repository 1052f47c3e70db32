import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Duplex, Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";
import { FrameReader } from "../../src/process/spawner/frame-reader.ts";
import { PROTOCOL_VERSION, READY } from "../../src/process/spawner/frames.ts";
import { makeFrame } from "../support/fake-spawner.ts";

const CONTROL = 3;

/** The spawner's side of an image, in so far as Node sees it: it has started Node and holds the other end of its sockets. */
function startAdoptedNode(): { node: ChildProcess; control: Duplex; said: AsyncIterator<string> } {
  const program = fileURLToPath(new URL("../support/adopted-node.ts", import.meta.url));
  const node = spawn(process.execPath, [program], {
    stdio: ["ignore", "pipe", "inherit", "pipe", "ipc"],
    env: { BREEZE_SPAWNER_FD: `${CONTROL}` },
  });
  const lines = createInterface({ input: node.stdout as Readable });
  return {
    node,
    control: node.stdio[CONTROL] as Duplex,
    said: lines[Symbol.asyncIterator](),
  };
}

describe("Node in the image", () => {
  test("it waits for the environment, starts through the socket it was given, and hears what it is told", async ({
    expect,
  }) => {
    const { node, control, said } = startAdoptedNode();
    const next = async () => JSON.parse((await said.next()).value);
    const received: Buffer[] = [];
    const reader = new FrameReader((bytes, start, end) =>
      received.push(Buffer.from(bytes.subarray(start, end))),
    );
    control.on("data", (bytes: Buffer) => reader.push(bytes));

    const ready = makeFrame(
      READY,
      { a: PROTOCOL_VERSION, b: 1 },
      Buffer.from("RAW=\xff\0NODE_OPTIONS=--x\0", "latin1"),
    );
    control.write(ready.subarray(0, 20));
    await delay(300);
    control.write(ready.subarray(20));
    expect(await next()).toEqual(["environment", ["RAW=\xff", "NODE_OPTIONS=--x"]]);

    while (received.length < 2) {
      await once(control, "data");
    }
    const [config, start] = received as [Buffer, Buffer];
    expect([config[8], start[8]]).toEqual([1, 2]);
    expect(config.toString("latin1")).toMatch(
      /\0BREEZE_SESSION=\w+\0cat\0RAW=\xff\0NODE_OPTIONS=--x\0$/,
    );

    control.write(makeFrame(23, {}, Buffer.from("something lacks")));
    control.write(makeFrame(22, { b: 15 }));
    const exited = makeFrame(
      20,
      { id: start.readUInt32LE(4), flags: 2, b: 3 << 8 },
      Buffer.concat([Buffer.alloc(40, 1), Buffer.from("out")]),
    );
    control.write(exited.subarray(0, 30));
    await delay(50);
    control.write(exited.subarray(30));
    expect(await next()).toEqual(["warning", "something lacks"]);
    expect(await next()).toEqual(["signal", "SIGTERM"]);
    expect(await next()).toEqual(["outcome", { kind: "exited", exitCode: 3 }]);
    expect(await next()).toEqual(["output", "out"]);
    expect((await next())[0]).toBe("bill");

    control.end();
    expect(await next()).toEqual(["lost", "the spawner has ended: its socket is closed"]);
    node.kill("SIGKILL");
    await once(node, "exit");
  });
});
