import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, onTestFinished, test } from "vitest";
import { type LongLivedOptions, startLongLived } from "../../src/process/long-lived.ts";
import {
  isRunning,
  type ProcessIdentity,
  readIdentity,
  signalProcess,
} from "../../src/process/process-identity.ts";
import { fixture } from "../support/fixture.ts";
import { createTemporaryFolder } from "../support/temporary-folder.ts";
import { until } from "../support/until.ts";

function createOptions(script: string, more: Partial<LongLivedOptions> = {}): LongLivedOptions {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  return {
    command: ["/bin/sh", "-c", script],
    folder: folder.path,
    environment: { PATH: process.env.PATH ?? "" },
    outputPath: join(folder.path, "output"),
    record() {},
    ...more,
  };
}

describe("a long-lived process", () => {
  test("is who it was recorded to be, in a session and a folder of its own", async ({ expect }) => {
    const recorded: ProcessIdentity[] = [];
    const options = createOptions("echo $$; pwd; cut -d' ' -f6 /proc/$$/stat", {
      record: (identity) => recorded.push(identity),
    });
    const { identity, output, ended } = await startLongLived(options);
    expect(await text(output)).toBe(`${identity.pid}\n${options.folder}\n${identity.pid}\n`);
    expect(await ended).toBe("exit code 0");
    expect(recorded).toEqual([identity]);
  });

  test("has the variables that it is given and no others", async ({ expect }) => {
    const variables = { NAME: "grüß dich", PATH: process.env.PATH ?? "" };
    const { output } = await startLongLived(createOptions("env", { environment: variables }));
    const own = (await text(output)).split("\n").filter((line) => !/^(PWD|SHLVL|_)=/.test(line));
    expect(own.toSorted()).toEqual(["", "NAME=grüß dich", `PATH=${process.env.PATH}`].toSorted());
  });

  test("starts whatever its PATH is", async ({ expect }) => {
    const environment = { PATH: "/nowhere" };
    const { output } = await startLongLived(createOptions("echo $PATH", { environment }));
    expect(await text(output)).toBe("/nowhere\n");
  });

  test("has nothing on stdin, and both outputs in order in one", async ({ expect }) => {
    const script = "cat; echo one; echo two >&2; echo three";
    const { output } = await startLongLived(createOptions(script));
    expect(await text(output)).toBe("one\ntwo\nthree\n");
  });

  test("that cannot be run says so where its output goes", async ({ expect }) => {
    const options = createOptions("", { command: ["/no/such/program"] });
    const { output, ended } = await startLongLived(options);
    expect(await text(output)).toContain("/no/such/program");
    expect(await ended).toBe("exit code 127");
  });

  test("is not started where its folder is not there", async ({ expect }) => {
    const starting = startLongLived(createOptions("true", { folder: "/no/such/folder" }));
    await expect(starting).rejects.toThrow("ENOENT");
  });

  test("is not started where its output cannot be made, and the system's reason is given", async ({
    expect,
  }) => {
    const starting = startLongLived(
      createOptions("true", { outputPath: "/no/such/folder/output" }),
    );
    await expect(starting).rejects.toThrow("No such file or directory");
  });

  test("whom nobody could record never runs its command", async ({ expect }) => {
    let identity: ProcessIdentity | undefined;
    const options = createOptions("echo > made", {
      record(one) {
        identity = one;
        throw new Error("the disk is full");
      },
    });
    await expect(startLongLived(options)).rejects.toThrow("the disk is full");
    await until("it is gone", () => !isRunning(identity as ProcessIdentity));
    expect(existsSync(join(options.folder, "made"))).toBe(false);
  });

  test("whose starter is killed before it was recorded never runs its command", async ({
    expect,
  }) => {
    const { folder } = createOptions("");
    const made = join(folder, "made");
    const { promise, resolve } = Promise.withResolvers<string>();
    const program = [fixture("dies-while-recording.ts"), folder, made];
    execFile(process.execPath, program, (_, stdout) => resolve(stdout));
    const identity: ProcessIdentity = JSON.parse(await promise);
    await until("it is gone", () => !isRunning(identity));
    expect(existsSync(made)).toBe(false);
  });
});

describe("an identity", () => {
  test("is the same as long as the process runs, and nobody's behind it", async ({ expect }) => {
    const { identity, ended } = await startLongLived(createOptions("exec sleep 600"));
    expect(readIdentity(identity.pid)).toEqual(identity);
    expect(signalProcess(identity, "SIGKILL")).toBe(true);
    expect(await ended).toBe("SIGKILL");
    expect(isRunning(identity)).toBe(false);
    expect(signalProcess(identity, "SIGKILL")).toBe(false);
  });

  test("of another start is not signalled, though its number runs", async ({ expect }) => {
    const { identity, ended } = await startLongLived(createOptions("exec sleep 600"));
    expect(signalProcess({ ...identity, startedAt: "before" }, "SIGKILL")).toBe(false);
    expect(isRunning(identity)).toBe(true);
    signalProcess(identity, "SIGKILL");
    await ended;
  });

  test.skipIf(process.platform !== "linux")(
    "names the boot, so that another one's is never the same",
    ({ expect }) => {
      const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
      expect(readIdentity(process.pid)?.startedAt).toMatch(new RegExp(`^${boot}/\\d+$`));
    },
  );
});
