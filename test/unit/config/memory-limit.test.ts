import { describe, test } from "vitest";
import {
  describeLowMemory,
  MEASURED_MINIMUM_BYTES,
  readMemoryLimit,
  toOomScore,
} from "../../../src/config/memory-limit.ts";

const limitOf = (files: Readonly<Record<string, string>>) => readMemoryLimit((path) => files[path]);

describe("the memory limit", () => {
  test("of a container under cgroup v2 is at the root that it sees", ({ expect }) => {
    const files = { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "67108864\n" };
    expect(limitOf(files)).toBe(64 * 2 ** 20);
  });

  test("is the lowest on the way from the root", ({ expect }) => {
    const files = {
      "/proc/self/cgroup": "0::/a.slice/b.scope\n",
      "/sys/fs/cgroup/memory.max": "max\n",
      "/sys/fs/cgroup/a.slice/memory.max": "1000000\n",
      "/sys/fs/cgroup/a.slice/b.scope/memory.max": "2000000\n",
    };
    expect(limitOf(files)).toBe(1_000_000);
  });

  test("of a container under cgroup v1 is at the root, though its path is the host's", ({
    expect,
  }) => {
    const files = {
      "/proc/self/cgroup": "9:name=systemd:/docker/01\n4:cpu,memory:/docker/01\n0::/docker/01\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "50331648\n",
    };
    expect(limitOf(files)).toBe(48 * 2 ** 20);
  });

  test.for<Record<string, string>>([
    {},
    { "/proc/self/cgroup": "" },
    { "/proc/self/cgroup": "nonsense\n0:\n" },
    { "/proc/self/cgroup": "0::/\n" },
    { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "max\n" },
    { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "" },
    {
      "/proc/self/cgroup": "2:memory:/\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
    },
  ])("is none: %j", (files, { expect }) => {
    expect(limitOf(files)).toBeUndefined();
  });

  test("is looked for in no folder above the cgroups", ({ expect }) => {
    const asked: string[] = [];
    readMemoryLimit((path) => {
      asked.push(path);
      return path === "/proc/self/cgroup" ? "0::/../../x\n" : undefined;
    });
    expect(asked.slice(1)).toEqual(["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/x/memory.max"]);
  });
});

test("a limit below what was measured to work is warned of, any other is not", ({ expect }) => {
  expect(describeLowMemory(48 * 2 ** 20)).toMatch(/^The memory limit is 48MiB; less than 64MiB/);
  expect(describeLowMemory(MEASURED_MINIMUM_BYTES)).toBeUndefined();
  expect(describeLowMemory(undefined)).toBeUndefined();
});

describe("the OOM score of functions", () => {
  const MIB = 2 ** 20;
  const scoreOf = (bytes: number, own?: string) =>
    toOomScore(bytes, (path) => (path === "/proc/self/oom_score_adj" ? own : undefined));

  test("makes them seem larger by as much as the watchdog is", ({ expect }) => {
    expect(scoreOf(256 * MIB, "0\n")).toBe(500);
    expect(scoreOf(16 * 1024 * MIB, "0\n")).toBe(8);
  });

  test("counts from the watchdog's own, as far as there is more", ({ expect }) => {
    expect(scoreOf(256 * MIB, "-998\n")).toBe(-498);
    expect(scoreOf(256 * MIB, "900\n")).toBe(1000);
    expect(scoreOf(96 * MIB, "0\n")).toBe(1000);
    expect(scoreOf(256 * MIB)).toBe(500);
  });
});
