import { existsSync } from "node:fs";
import { describe, test } from "vitest";
import { isInstalled } from "../support/docker/requirements.ts";
import { project, singleFile } from "../support/package.ts";
import { startPackaged } from "../support/start-packaged.ts";

const { arch } = process;
const qemu = "qemu-aarch64-static";

const forms: readonly { name: string; command: readonly [string, ...string[]] }[] = [
  { name: "the single file", command: [singleFile(arch)] },
  { name: "the folder", command: [`${project}dist/linux-${arch}/folder/fwatchdog`] },
  ...(arch === "x64"
    ? [{ name: "the arm64 file", command: [qemu, singleFile("arm64")] as const }]
    : []),
];

/** On CI there is no excuse. */
function missing(command: readonly string[]): boolean {
  const isThere = (one: string) => (one.includes("/") ? existsSync(one) : isInstalled(one));
  return !process.env.CI && !command.every(isThere);
}

for (const { name, command } of forms) {
  const reason = missing(command) ? ` (missing: ${command.join(" ")})` : "";
  describe.skipIf(reason !== "")(`${name}${reason}`, () => {
    test("answers with a program's output", async ({ expect }) => {
      await using watchdog = await startPackaged(command, { fprocess: "cat" });
      const answer = await fetch(watchdog.url, { method: "POST", body: "hello" });
      expect([answer.status, await answer.text()]).toEqual([200, "hello"]);
    });

    test("passes megabytes through, both ways", async ({ expect }) => {
      await using watchdog = await startPackaged(command, { fprocess: "cat", mode: "streaming" });
      const body = Buffer.alloc(
        5_000_000,
        "It was the best of times, it was the worst of times.\n",
      );
      const answer = await fetch(watchdog.url, { method: "POST", body });
      expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true);
    });

    test("ends a program at its deadline", async ({ expect }) => {
      const environment = { fprocess: "sleep 60", exec_timeout: "300ms" };
      await using watchdog = await startPackaged(command, environment);
      const answer = await fetch(watchdog.url);
      await answer.text();
      expect(answer.ok).toBe(false);
    });
  });
}
