import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync } from "node:fs";
import { describe, onTestFinished, test } from "vitest";
import { isInstalled } from "../support/docker/requirements.ts";
import { createMark, findMarked, killMarked } from "../support/marked-processes.ts";
import { project, singleFile } from "../support/package.ts";
import { startPackaged } from "../support/start-packaged.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import { until } from "../support/until.ts";

const { arch } = process;
const folder = `${project}dist/linux-${arch}/folder`;
const qemu = "qemu-aarch64-static";

type Command = readonly [string, ...string[]];

const forms: readonly { name: string; command: Command }[] = [
  { name: "the single file", command: [singleFile(arch)] },
  { name: "the folder", command: [`${folder}/fwatchdog`] },
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

describe.skipIf(missing([singleFile(arch)]))("what the launcher starts with", () => {
  test("open files and missing ones reach no function", async ({ expect }) => {
    const shell = 'exec 9</etc/passwd 0<&- 1>&-; exec "$0"';
    await using watchdog = await startPackaged(["sh", "-c", shell, singleFile(arch)], {
      fprocess: "ls /proc/self/fd",
    });
    // The last is the folder that ls reads.
    expect(await (await fetch(watchdog.url)).text()).toBe("0\n1\n2\n3\n");
  });

  test("is ended by Node when the launcher is killed and no container ends with it", async () => {
    const mark = createMark();
    const [name = "", value = ""] = mark.split("=");
    onTestFinished(() => killMarked(mark));
    await using watchdog = await startPackaged([singleFile(arch)], {
      [name]: value,
      fprocess: "sh -c 'setsid sleep 300 & sleep 300 & exec sleep 300'",
      fprocess_shell_words: "true",
    });
    const without = findMarked(mark).length;
    const answer = fetch(watchdog.url).catch(() => {});
    await until("all three run", () => findMarked(mark).length === without + 3);
    process.kill(watchdog.pid, "SIGKILL");
    await until("nothing is left", () => findMarked(mark).length === 0);
    await answer;
  });
});

const notRoot = process.getuid?.() === 0 ? "" : " (only root may try)";
describe.skipIf(notRoot !== "" || missing([folder]))(`where /proc is not mounted${notRoot}`, () => {
  test("the single file says so, and what to do", ({ expect }) => {
    using root = createTemporaryFolder();
    copyFileSync(singleFile(arch), `${root.path}/fwatchdog`);
    const { status, stderr } = spawnSync("/usr/sbin/chroot", [root.path, "/fwatchdog"], {
      env: { fprocess: "cat" },
      encoding: "utf8",
    });
    expect(stderr).toMatch(/^fwatchdog: \/proc is not mounted.*use the folder form\n$/);
    expect(status).toBe(1);
  });

  test.skipIf(missing(["busybox"]))("the folder works", async ({ expect }) => {
    using root = createTemporaryFolder();
    for (const path of ["/tmp", "/bin"]) mkdirSync(root.path + path);
    cpSync(folder, `${root.path}/usr/lib/fwatchdog`, { recursive: true });
    copyFileSync("/usr/bin/busybox", `${root.path}/bin/cat`);
    const command = ["/usr/sbin/chroot", root.path, "/usr/lib/fwatchdog/fwatchdog"] as const;
    const environment = { fprocess: "cat", PATH: "/bin", TMPDIR: "/tmp" };
    await using watchdog = await startPackaged(command, environment);
    const answer = await fetch(watchdog.url, { method: "POST", body: "hello" });
    expect(await answer.text()).toBe("hello");
  });
});
