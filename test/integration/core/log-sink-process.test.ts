import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { constants, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, onTestFinished, test } from "vitest";
import { fixture } from "../../support/fixture.ts";
import { createPipe } from "../../support/pipe.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";
import { until } from "../../support/until.ts";

const FLOOD_LINES = 100_000;

/** `stderr` is a descriptor; `pipe` is what Node makes of it: a pair of sockets. */
function start(lines: number, stderr: number | "pipe", ...more: string[]): ChildProcess {
  const child = spawn(process.execPath, [fixture("floods-its-log.ts"), String(lines), ...more], {
    stdio: ["ignore", "pipe", stderr],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

async function report(child: ChildProcess): Promise<{ longestMs: number; dropped: number }> {
  const [said, [code]] = await Promise.all([
    text(child.stdout as NonNullable<typeof child.stdout>),
    once(child, "exit"),
  ]);
  if (code !== 0) throw new Error(`exit code ${code}`);
  return JSON.parse(said);
}

describe("a process whose stderr nobody reads goes on, and can end", () => {
  test("where it is a pipe", async ({ expect }) => {
    using pipe = createPipe();
    const { longestMs, dropped } = await report(start(FLOOD_LINES, pipe.descriptor));
    expect(dropped).toBeGreaterThan(FLOOD_LINES / 2);
    expect(longestMs).toBeLessThan(1_000);
  });

  test("where it is a socket", async ({ expect }) => {
    const child = start(FLOOD_LINES, "pipe");
    const { longestMs, dropped } = await report(child);
    expect(dropped).toBeGreaterThan(FLOOD_LINES / 2);
    expect(longestMs).toBeLessThan(1_000);
  });

  test("where it is a socket that a child has set to block", async ({ expect }) => {
    const child = start(FLOOD_LINES, "pipe", "and-a-child");
    const { longestMs, dropped } = await report(child);
    expect(dropped).toBeGreaterThan(FLOOD_LINES / 2);
    expect(longestMs).toBeLessThan(1_000);
  });

  test.skipIf(spawnSync("script", ["--version"]).error !== undefined && process.env.CI !== "true")(
    "where it is a terminal (needs script, of util-linux, to have one)",
    async ({ expect }) => {
      using pipe = createPipe();
      using folder = createTemporaryFolder();
      const output = join(folder.path, "output");
      const flood = [process.execPath, fixture("floods-its-log.ts"), FLOOD_LINES].join("' '");
      const script = spawn("script", ["-qfc", `exec '${flood}' > '${output}'`, "/dev/null"], {
        stdio: ["ignore", pipe.descriptor, "ignore"],
      });
      onTestFinished(() => {
        script.kill("SIGKILL");
      });
      await until("it has ended", () => readIfThere(output).endsWith("}"));
      const { longestMs, dropped } = JSON.parse(readIfThere(output));
      expect(dropped).toBeGreaterThan(FLOOD_LINES / 2);
      expect(longestMs).toBeLessThan(1_000);
    },
  );
});

describe("a process whose stderr is read loses no line", () => {
  const expected = (lines: number) =>
    Array.from({ length: lines }, (_, line) => `line ${line} ${"x".repeat(90)}\n`).join("");

  test("where it is a socket", async ({ expect }) => {
    const child = start(5_000, "pipe");
    const [said, { dropped }] = await Promise.all([
      text(child.stderr as NonNullable<typeof child.stderr>),
      report(child),
    ]);
    expect(dropped).toBe(0);
    expect(said).toBe(expected(5_000));
  });

  test("where it is a pipe", async ({ expect }) => {
    using pipe = createPipe();
    const child = start(5_000, pipe.descriptor);
    let said = "";
    const reading = setInterval(() => {
      said += pipe.read().toString();
    }, 1);
    const { dropped } = await report(child);
    clearInterval(reading);
    expect(dropped).toBe(0);
    expect(said + pipe.read().toString()).toBe(expected(5_000));
  });
});

test("whether a shared pipe blocks is not changed for the others", async ({ expect }) => {
  using pipe = createPipe();
  await report(start(10, pipe.descriptor));
  const status = readFileSync(`/proc/self/fdinfo/${pipe.descriptor}`, "utf8");
  const flags = Number.parseInt(/^flags:\s+(\d+)/m.exec(status)?.[1] ?? "", 8);
  expect(flags & constants.O_NONBLOCK).toBe(0);
});

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
