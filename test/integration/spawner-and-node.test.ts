import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";
import type { ProcessesEvents } from "../../src/process/run.ts";
import { createProcesses } from "../../src/process/spawn.ts";
import { DEFAULT_OPTIONS, markedEnvironment, shell } from "../contract/processes/subject.ts";
import { fixture } from "../support/fixture.ts";
import { findMarked } from "../support/marked-processes.ts";
import { noSpawnerReason } from "../support/no-spawner-reason.ts";
import { startRecorded } from "../support/recorded-run.ts";
import { until } from "../support/until.ts";

/** Ignores what can be ignored, has a child, and one that escaped its session. */
const CLINGING =
  "trap '' TERM HUP INT; setsid sleep 300 & sleep 300 & echo $PPID ready; while :; do sleep 0.05; done";

const throwing = (message: string) => {
  throw new Error(message);
};
const EVENTS: ProcessesEvents = { onLost: throwing, onWarning: throwing, onSignal: throwing };

describe.skipIf(noSpawnerReason)(noSpawnerReason ?? "the spawner and Node", () => {
  test("when the spawner is killed every run is settled, nothing is left, and the loss is told once", async ({
    expect,
  }) => {
    const { mark, baseEnvironment } = markedEnvironment();
    const losses: string[] = [];
    await using processes = await createProcesses(
      { ...DEFAULT_OPTIONS, command: shell(CLINGING), baseEnvironment },
      { ...EVENTS, onLost: (message) => losses.push(message) },
    );
    const runs = [1, 2, 3].map(() => startRecorded(processes, { body: undefined }));
    await until("all of them run", () => runs.every((run) => run.output.includes("ready")));
    process.kill(Number.parseInt(runs[0]?.output ?? "", 10), "SIGKILL");
    for (const run of runs) {
      expect(await run.outcome).toEqual({ kind: "aborted" });
      await run.gone();
    }
    expect(findMarked(mark)).toEqual([]);
    expect(losses).toEqual(["the spawner has ended: SIGKILL"]);
    const late = startRecorded(processes);
    expect((await late.outcome).kind).toBe("spawnFailed");
  });

  test("when Node is killed nothing is left, not even the spawner", async ({ expect }) => {
    const { mark } = markedEnvironment();
    const program = fileURLToPath(new URL("../support/holds-processes.ts", import.meta.url));
    const node = spawn(process.execPath, [program, CLINGING, mark], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(node.stdout, "data");
    expect(findMarked(mark).length).toBeGreaterThanOrEqual(9);
    const spawners = childrenOf(node.pid ?? 0);
    expect(spawners.length).toBe(1);
    node.kill("SIGKILL");
    await until("nothing is left", () => findMarked(mark).length === 0, 5000);
    await until("the spawner has ended", () => !exists(spawners[0] ?? 0), 5000);
  });

  test("a Node that reads nothing for a second loses nothing", async ({ expect }) => {
    await using processes = await createProcesses(
      { ...DEFAULT_OPTIONS, command: shell("head -c 40000 /dev/zero; exit 5") },
      EVENTS,
    );
    const runs = Array.from({ length: 200 }, (_, index) =>
      startRecorded(processes, { holdOutput: index % 2 === 0 }),
    );
    await new Promise((resolve) => setImmediate(resolve));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    for (const run of runs) {
      expect(await run.outcome).toEqual({ kind: "exited", exitCode: 5 });
      expect(run.outputBytes).toBe(40_000);
      await run.gone();
    }
  });

  test("a Node without a descriptor left fails the run, and never takes a lost input for a complete one", async ({
    expect,
  }) => {
    const program = fileURLToPath(new URL("../support/exhausted-node.ts", import.meta.url));
    const node = spawn("sh", ["-c", 'ulimit -n 100; exec "$0" "$1"', process.execPath, program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    expect(JSON.parse(await text(node.stdout))).toEqual([
      { outcome: { kind: "spawnFailed", errno: constants.errno.EMFILE }, bytes: 0 },
      { outcome: { kind: "exited", exitCode: 0 }, bytes: 100_000 },
    ]);
  });

  test("a spawner of another version is refused, with the command that builds the right one", async ({
    expect,
  }) => {
    const path = fixture("speaks-another-version");
    const refused = createProcesses(DEFAULT_OPTIONS, EVENTS, { path });
    await expect(refused).rejects.toThrow(/version 99 .* "npm run prepare"/);
  });
});

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1");
  return children.split(" ").filter(Boolean).map(Number);
}

const exists = (pid: number): boolean => existsSync(`/proc/${pid}`);
