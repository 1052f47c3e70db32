import { test } from "vitest";
import { createDataFolder, findProcessesIn, RunningGateway } from "../../../support/run-gateway.ts";
import { findOnce, script, submit } from "./queued.ts";

/** Less than what is left of a lease when its gateway was killed and the next one has started. */
const WITHIN_MS = 15_000;

test("T43, T44: what ran when a gateway was killed is run by the next one at once, as its second attempt", async ({
  expect,
}) => {
  const folder = createDataFolder();
  const first = await RunningGateway.start(folder);
  const lines = 'if [ "$Http_X_Breeze_Attempt" = 1 ]; then sleep 600; fi; cat';
  await first.deploy("hangs", script(folder, "hangs", lines));
  const ids = ["a", "b", "c", "d"];
  for (const id of ids) expect(await submit(first, "hangs", id)).toBe(202);
  for (const id of ids) await findOnce(first, id, ({ state }) => state === "running");
  first.process.kill("SIGKILL");
  await first.ended();
  const second = await RunningGateway.start(folder);
  for (const id of ids) {
    const ran = await findOnce(second, id, ({ state }) => state === "completed", WITHIN_MS);
    expect(ran).toMatchObject({ attempt: 2, answer: { status: 200, body: id } });
  }
  second.process.kill("SIGTERM");
  expect(await second.ended()).toBe(0);
  expect(findProcessesIn(folder)).toEqual([]);
});
