import { once } from "node:events";
import { join } from "node:path";
import { describe, onTestFinished, test } from "vitest";
import type { Processes } from "../../src/process/run.ts";
import { createProcesses } from "../../src/process/spawn.ts";
import type { SpliceSockets } from "../../src/process/splice.ts";
import { DEFAULT_OPTIONS } from "../contract/processes/subject.ts";
import { noSpawnerReason } from "../support/no-spawner-reason.ts";
import {
  anyBytes,
  connectPair,
  digestOf,
  Received,
  type SocketPair,
} from "../support/socket-pairs.ts";
import { childrenOf, descriptorsOf } from "../support/spawner-processes.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import { until } from "../support/until.ts";

const MEBIBYTE = 1024 * 1024;

interface Over {
  readonly taken: number;
  readonly rest: Buffer;
}

async function startSpawner(): Promise<Processes> {
  const events = { onLost() {}, onWarning() {}, onSignal() {} };
  const processes = await createProcesses(DEFAULT_OPTIONS, events);
  onTestFinished(() => processes.close());
  return processes;
}

function splice(processes: Processes, from: SocketPair, to: SocketPair, bytes: number) {
  const { promise, resolve } = Promise.withResolvers<Over>();
  const start = processes.splice as SpliceSockets;
  const running = start(from.near, to.near, bytes, (taken, rest) => resolve({ taken, rest }));
  return { over: promise, stop: () => running.stop() };
}

const pairs = async () => ({ from: await connectPair(), to: await connectPair() });

describe.skipIf(noSpawnerReason)(noSpawnerReason ?? "bytes that are spliced", () => {
  test("are all there, in their order, and those behind them stay where they are", async ({
    expect,
  }) => {
    const processes = await startSpawner();
    const { from, to } = await pairs();
    const received = new Received(to.far);
    const bytes = anyBytes(32 * MEBIBYTE);
    const { over } = splice(processes, from, to, bytes.length);
    from.far.write(bytes);
    from.far.write("behind");
    expect(await over).toEqual({ taken: bytes.length, rest: Buffer.alloc(0) });
    await until("the last of them", () => received.size === bytes.length);
    expect(received.digest).toBe(digestOf(bytes));
    from.near.resume();
    expect(String((await once(from.near, "data"))[0])).toBe("behind");
    to.near.write("more");
    await until("what is written behind them", () => received.size === bytes.length + 4);
  });

  test("go between socket files too", async ({ expect }) => {
    const processes = await startSpawner();
    using folder = createTemporaryFolder();
    const from = await connectPair({ path: join(folder.path, "from") });
    const to = await connectPair({ path: join(folder.path, "to") });
    const received = new Received(to.far);
    const bytes = anyBytes(8 * MEBIBYTE);
    const { over } = splice(processes, from, to, bytes.length);
    from.far.write(bytes);
    expect((await over).taken).toBe(bytes.length);
    await until("the last of them", () => received.size === bytes.length);
    expect(received.digest).toBe(digestOf(bytes));
  });

  test("are given back where nobody takes them: what was taken and not given is the rest", async ({
    expect,
  }) => {
    const processes = await startSpawner();
    const { from, to } = await pairs();
    const bytes = anyBytes(64 * MEBIBYTE);
    const { over } = splice(processes, from, to, bytes.length);
    from.far.write(bytes);
    const { taken, rest } = await over;
    expect(taken).toBeLessThan(bytes.length);
    const received = new Received(to.far);
    await until("what the kernel had", () => received.size === taken - rest.length);
    received.add(rest);
    expect(received.digest).toBe(digestOf(bytes.subarray(0, taken)));
  });

  test("are given back where nothing comes", async ({ expect }) => {
    const processes = await startSpawner();
    const { from, to } = await pairs();
    const received = new Received(to.far);
    const { over } = splice(processes, from, to, 1000);
    from.far.write("some");
    expect(await over).toEqual({ taken: 4, rest: Buffer.alloc(0) });
    await until("what came", () => received.size === 4);
  });

  test("end with the socket that they come from, and Node sees that end itself", async ({
    expect,
  }) => {
    const processes = await startSpawner();
    const { from, to } = await pairs();
    const received = new Received(to.far);
    const { over } = splice(processes, from, to, 8 * MEBIBYTE);
    from.far.end(anyBytes(3 * MEBIBYTE));
    expect((await over).taken).toBe(3 * MEBIBYTE);
    await until("what came", () => received.size === 3 * MEBIBYTE);
    from.near.resume();
    await once(from.near, "end");
  });

  test("end with the socket that they go to", async ({ expect }) => {
    const processes = await startSpawner();
    const { from, to } = await pairs();
    const { over } = splice(processes, from, to, 1024 * MEBIBYTE);
    const bytes = anyBytes(16 * MEBIBYTE);
    from.far.write(bytes);
    to.far.once("data", () => to.far.resetAndDestroy());
    expect((await over).taken).toBeLessThan(1024 * MEBIBYTE);
    // The spawner lives on.
    const next = await pairs();
    const received = new Received(next.to.far);
    const again = splice(processes, next.from, next.to, 5);
    next.from.far.write("bytes");
    expect((await again.over).taken).toBe(5);
    await until("the bytes", () => received.size === 5);
  });

  test("end when they are stopped, and nobody but Node holds their sockets", async ({ expect }) => {
    const processes = await startSpawner();
    const { from, to } = await pairs();
    const running = splice(processes, from, to, 1024 * MEBIBYTE);
    let isTold = false;
    void running.over.then(() => {
      isTold = true;
    });
    const received = new Received(to.far);
    const write = () => from.far.write(anyBytes(MEBIBYTE), (error) => error ?? write());
    write();
    await until("some of them", () => received.size > 4 * MEBIBYTE);
    running.stop();
    to.near.destroy();
    from.near.destroy();
    await until(
      "both ends see it",
      () => (to.far.readableEnded || to.far.closed) && from.far.closed,
    );
    expect(isTold).toBe(false);
  });

  test("go on while another of many is given back, and nothing of them is left in the spawner", async ({
    expect,
  }) => {
    const processes = await startSpawner();
    const first = await pairs();
    first.from.far.write("bytes");
    await splice(processes, first.from, first.to, 5).over;
    const before = descriptorCount();
    const all = await Promise.all(Array.from({ length: 100 }, pairs));
    const received = all.map(({ to }) => new Received(to.far));
    const bytes = anyBytes(MEBIBYTE);
    const running = all.map(({ from, to }) => splice(processes, from, to, bytes.length));
    for (const { from } of all) from.far.write(bytes);
    const taken = (await Promise.all(running.map(({ over }) => over))).map((each) => each.taken);
    // There are places for 64 at a time: the others are Node's to write.
    expect(taken.filter((each) => each === bytes.length).length).toBeGreaterThanOrEqual(64);
    const whole = taken.filter((each) => each === bytes.length).length;
    await until(
      "all bytes of these",
      () => sizes(received).filter((size) => size === bytes.length).length === whole,
    );
    expect(descriptorCount()).toBe(before);
  });
});

const sizes = (received: readonly Received[]) => received.map(({ size }) => size);

/** Of the last spawner that was started. */
const descriptorCount = () => descriptorsOf(Math.max(...childrenOf(process.pid)));
