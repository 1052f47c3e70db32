import type { Socket } from "node:net";
import { test } from "vitest";
import { connectPair, Received } from "../support/socket-pairs.ts";
import { SpawnerDriver, spawnerPath } from "../support/spawner-driver.ts";
import { SPLICED } from "../support/spawner-frames.ts";
import { descriptorsOf } from "../support/spawner-processes.ts";
import { describeSpawner, script, startShell } from "../support/spawner-suite.ts";
import { until } from "../support/until.ts";

const FROM = 0;
const TO = 1;

const hand = (driver: SpawnerDriver, message: object, socket: Socket) =>
  driver.process.send(message, (socket as unknown as { _handle: Socket })._handle);

const spliced = (driver: SpawnerDriver) =>
  driver.frames
    .filter(({ type }) => type === SPLICED)
    .map(({ id, payload }) => [id, payload.readBigUInt64LE(0)]);

describeSpawner("What Node sends over the handle channel", () => {
  test("is ignored where it means nothing, and its descriptors are closed", async ({ expect }) => {
    await using driver = startShell();
    await driver.run(script("true"));
    const before = descriptorsOf(driver.pid);
    const { near } = await connectPair();
    for (const message of [
      { splice: [] },
      { splice: "1,2,3" },
      { splice: [-1, 0, 0] },
      { splice: [9, 0, 0] },
      { text: "x".repeat(100_000) },
      { cmd: "NODE_OTHER" },
    ]) {
      driver.process.send(message);
    }
    hand(driver, { other: 1 }, near);
    // A second socket of a splice that has no first one.
    hand(driver, { splice: [7, TO, 10] }, near);
    await driver.until(() => spliced(driver).length > 0, "SPLICED");
    expect(spliced(driver)).toEqual([[7, 0n]]);
    expect((await driver.run(script("echo alive"))).output[1].toString()).toBe("alive\n");
    expect(descriptorsOf(driver.pid)).toBe(before);
  });

  test("may stop a splice that has one socket only", async ({ expect }) => {
    await using driver = startShell();
    await driver.run(script("true"));
    const before = descriptorsOf(driver.pid);
    const { near } = await connectPair();
    hand(driver, { splice: [3, FROM, 0] }, near);
    await until("the socket", () => descriptorsOf(driver.pid) > before);
    driver.process.send({ splice: [3, 0, 0] });
    await until("the socket is closed", () => descriptorsOf(driver.pid) === before);
    expect(spliced(driver)).toEqual([]);
  });

  test("is given back where the spawner has no descriptor left for it", async ({ expect }) => {
    await using driver = new SpawnerDriver({
      command: ["prlimit", "--nofile=16:16", spawnerPath()],
    });
    driver.configure({ command: ["sleep", "300"] });
    // Their pipes take what there is.
    const runs = Array.from({ length: 6 }, () => driver.start());
    await driver.until(
      () => runs.some(({ exited }) => exited !== undefined),
      "no more can be started",
    );
    const [from, to] = [await connectPair(), await connectPair()];
    hand(driver, { splice: [5, FROM, 0] }, from.near);
    hand(driver, { splice: [5, TO, 10] }, to.near);
    await driver.until(() => spliced(driver).length === 1, "SPLICED");
    expect(spliced(driver)).toEqual([[5, 0n]]);
    for (const run of runs) driver.kill(run, 1);
    await Promise.all(runs.map((run) => driver.gone(run)));
    const received = new Received(to.far);
    hand(driver, { splice: [6, FROM, 0] }, from.near);
    hand(driver, { splice: [6, TO, 5] }, to.near);
    from.far.write("bytes");
    await until("what was spliced", () => received.size === 5);
  });
});
