import { readdirSync } from "node:fs";
import { test } from "vitest";
import { SpawnerDriver } from "../support/spawner-driver.ts";
import { describeSpawner } from "../support/spawner-suite.ts";
import {
  noSlicesReason,
  readSlice,
  SHORTEST_SLICE,
  toSliceNanoseconds,
} from "../support/time-slice.ts";

describeSpawner("The spawner's time slice", () => {
  test.skipIf(noSlicesReason())(
    "is the shortest there is, and its processes have the kernel's own",
    async ({ expect }) => {
      await using driver = new SpawnerDriver();
      driver.configure({ command: ["cat", "/proc/self/sched"] });
      const ofFunction = (await driver.run()).output[1].toString();
      expect(toSliceNanoseconds(ofFunction)).toBe(readSlice("/proc/self"));
      const threads = `/proc/${driver.pid}/task`;
      const slices = readdirSync(threads).map((thread) => readSlice(`${threads}/${thread}`));
      expect(slices).toContain(SHORTEST_SLICE);
    },
  );
});
