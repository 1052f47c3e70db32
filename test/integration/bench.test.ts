import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { onTestFinished, test } from "vitest";

const main = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));
const scale = fileURLToPath(new URL("../../bench/scale.ts", import.meta.url));
const isWrkMissing = spawnSync("wrk", ["--version"]).error !== undefined;
const isSkipped = isWrkMissing && process.env.CI !== "true";
if (isSkipped) console.warn("bench is not tested: there is no wrk (Debian package wrk)");

test.skipIf(isSkipped)(
  "the bench measures this checkout and says what it found, as a table and as JSON",
  {
    timeout: 120_000,
  },
  async ({ expect }) => {
    const folder = mkdtempSync(join(tmpdir(), "bench-test-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const json = join(folder, "figures.json");
    const args = [
      "--only=cat-c8,deadline,stream-chunked,idle,gateway-c1",
      "--rounds=1",
      "--seconds=1",
    ];
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...args, "--json", json]);

    expect(stdout).toContain("| case | ours |");
    expect(stdout).not.toMatch(/failed|lost \d|answered with/);
    const { cases, machine, rows } = JSON.parse(readFileSync(json, "utf8"));
    expect(machine.cores).toBeGreaterThan(0);
    expect(cases.map(({ name }: { name: string }) => name)).toEqual([
      "cat-c8",
      "stream-chunked",
      "deadline",
      "idle",
      "gateway-c1",
    ]);
    const figure = (name: string) =>
      rows.find(({ row }: { row: { name: string } }) => row.name === name);
    expect(figure("cat-c8 throughput").against).toBe("floor");
    expect(figure("cat-c8 throughput").ours.median).toBeGreaterThan(1);
    expect(figure("stream-chunked lost").verdict).toBe("reached");
    expect(figure("deadline answer").ours.median).toBeGreaterThanOrEqual(990);
    expect(figure("idle memory").ours.median).toBeGreaterThan(1);
    expect(figure("gateway-c1 p50").verdict).toBe("no peer");
    expect(figure("gateway-c1 p50").ours.median).toBeGreaterThan(0);
    expect(stdout).toContain("gateway-c1: compared with nobody: there is no --peer gateway=PATH");
  },
);

test("the bench queues invocations at a gateway, and finds each of them run once", {
  timeout: 120_000,
}, async ({ expect }) => {
  const folder = mkdtempSync(join(tmpdir(), "bench-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const json = join(folder, "figures.json");
  const args = ["--only=queue", "--requests=100", "--json", json];
  const { stdout } = await promisify(execFile)(process.execPath, [scale, ...args]);
  expect(stdout).toContain("| of these, lost | 0 |");
  expect(stdout).toContain("| of these, run more than once | 0 |");
  const { rows } = JSON.parse(readFileSync(json, "utf8"));
  const accepted = rows.find(({ row }: { row: { name: string } }) => row.name === "queue accepted");
  expect(accepted.ours.median).toBeGreaterThan(1);
});
