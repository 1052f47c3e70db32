import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";
import { isPopulated, makeGroup } from "../support/cgroups.ts";
import { ESCAPE, noCgroupsReason, startIn } from "../support/spawner-cgroups.ts";
import type { SpawnerDriver } from "../support/spawner-driver.ts";
import { CGROUPS, KEEP_DAEMONS } from "../support/spawner-frames.ts";
import { isAlive, processState } from "../support/spawner-processes.ts";
import { script } from "../support/spawner-suite.ts";
import { until } from "../support/until.ts";

describe.skipIf(noCgroupsReason)(
  noCgroupsReason ?? "The folder of a spawner in the hierarchy",
  () => {
    for (const [who, end] of [
      ["Node", (driver: SpawnerDriver) => driver.closeSocket()],
      ["a protocol that is broken", (driver: SpawnerDriver) => driver.write(Buffer.alloc(64, 255))],
    ] as const) {
      test(`nothing is left in the hierarchy after the end by ${who}`, async ({ expect }) => {
        using group = makeGroup("breeze-test-end");
        const driver = startIn(group);
        const run = driver.start(script(`${ESCAPE} trap '' TERM; sleep 60; sleep 60`));
        await driver.until(() => run.output[2].length > 0, "its escapee");
        end(driver);
        await driver.exit;
        expect(group.folders()).toEqual([]);
        expect(processState(Number(run.output[2]))).toBeUndefined();
        await driver[Symbol.asyncDispose]();
      });
    }

    test("when the spawner is killed the next one ends and removes what it left", async ({
      expect,
    }) => {
      using group = makeGroup("breeze-test-killed");
      const first = startIn(group);
      const run = first.start(script(`${ESCAPE} sleep 60`));
      await first.until(() => run.output[2].length > 0, "its escapee");
      first.process.kill("SIGKILL");
      await first.exit;
      expect(isAlive(Number(run.output[2]))).toBe(true);
      const second = startIn(group);
      await second.run(script("true"));
      expect(isAlive(Number(run.output[2]))).toBe(false);
      expect(group.folders().filter((each) => !each.includes("/"))).toHaveLength(1);
      await second[Symbol.asyncDispose]();
      expect(group.folders()).toEqual([]);
    });

    test("a spawner leaves those of others, who live, alone", async ({ expect }) => {
      using group = makeGroup("breeze-test-others");
      const others = join(group.path, "breeze-runs-of-somebody-else");
      mkdirSync(others);
      await using first = startIn(group);
      const run = first.start({ ...script(`${ESCAPE} cat`), flags: 4 });
      await first.until(() => run.output[2].length > 0, "its escapee");
      const second = startIn(group);
      await second.run(script("true"));
      await second[Symbol.asyncDispose]();
      expect(isAlive(Number(run.output[2]))).toBe(true);
      expect(existsSync(others)).toBe(true);
      expect(run.exited).toBeUndefined();
    });

    test("KEEP_DAEMONS keeps daemons, and their group until they have ended", async ({
      expect,
    }) => {
      using group = makeGroup("breeze-test-daemons");
      await using driver = startIn(group, { flags: CGROUPS | KEEP_DAEMONS });
      const run = await driver.run(script(`${ESCAPE} sleep 0.1`));
      const daemon = Number(run.output[2]);
      const [kept] = group.folders().slice(1);
      await driver.run(script("true"));
      expect(isAlive(daemon)).toBe(true);
      expect(isPopulated(join(group.path, kept as string))).toBe(true);
      process.kill(daemon, "SIGKILL");
      await until("its group is swept", async () => {
        await driver.run(script("true"));
        return !group.folders().includes(kept as string);
      });
    });

    test("a daemon that is kept survives its spawner, and the next one", async ({ expect }) => {
      using group = makeGroup("breeze-test-survivor");
      const fields = { flags: CGROUPS | KEEP_DAEMONS };
      const driver = startIn(group, fields);
      const run = await driver.run(script(`${ESCAPE} sleep 0.1`));
      await driver[Symbol.asyncDispose]();
      const next = startIn(group);
      await next.run(script("true"));
      const daemon = Number(run.output[2]);
      expect(isAlive(daemon)).toBe(true);
      await next[Symbol.asyncDispose]();
      process.kill(daemon, "SIGKILL");
      await until("its end", () => !isAlive(daemon));
      const last = startIn(group);
      await last.run(script("true"));
      await last[Symbol.asyncDispose]();
      expect(group.folders()).toEqual([]);
    });

    test("when Node is killed nothing is left in the hierarchy", async ({ expect }) => {
      using group = makeGroup("breeze-test-node");
      const program = fileURLToPath(new URL("../support/holds-processes.ts", import.meta.url));
      const text = `${ESCAPE} echo ready; sleep 60`;
      const [shell = "", ...rest] = [
        ...group.enter,
        process.execPath,
        program,
        text,
        "MARK=1",
        "on",
      ];
      const node = spawn(shell, rest, { stdio: ["ignore", "pipe", "inherit"] });
      await once(node.stdout, "data");
      expect(group.folders().length).toBeGreaterThan(1);
      node.kill("SIGKILL");
      // The spawner itself is the last to go.
      const isEmpty = () => group.folders().length === 0 && !isPopulated(group.path);
      await until("nothing is left", isEmpty);
      expect(group.folders()).toEqual([]);
    });
  },
);
