import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, onTestFinished, test } from "vitest";
import { createLocalProvider } from "../../../src/provider/local/create-local-provider.ts";
import { ask, endpointOf, functionSpec } from "../../contract/provider/subject.ts";
import { fixture } from "../../support/fixture.ts";
import { findProcessesIn } from "../../support/run-gateway.ts";
import {
  LOCAL_OPTIONS,
  LOCAL_SUBJECT,
  startLocalProvider,
} from "../../support/start-local-provider.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";
import { until } from "../../support/until.ts";

const id = { name: "echo", namespace: "openfaas-fn" };

describe("the folder of a local provider", () => {
  test("has all that a next one needs, and nobody runs between the two", async ({ expect }) => {
    using folder = createTemporaryFolder();
    const first = await startLocalProvider({ folder: folder.path });
    await first.createNamespace({ name: "staging", labels: { openfaas: "1" }, annotations: {} });
    const secret = { name: "key", namespace: "staging", value: new Uint8Array([0, 255]) };
    await first.createSecret(secret);
    await first.deploy(functionSpec(LOCAL_SUBJECT));
    const { host, port } = await endpointOf(first, id);
    const state = await first.describe(id);
    await first[Symbol.asyncDispose]();
    await expect(ask({ id: "", host, port, maxInflight: undefined })).rejects.toThrow();
    await using second = await startLocalProvider({ folder: folder.path });
    expect(await ask(await endpointOf(second, id), "again")).toBe("again");
    expect(await second.describe(id)).toEqual({ ...state, availableReplicas: 1 });
    expect(await second.listNamespaces()).toHaveLength(2);
    expect(await second.listSecrets("staging")).toEqual([{ name: "key", namespace: "staging" }]);
  });

  test("keeps what a function was scaled to, zero too", async ({ expect }) => {
    using folder = createTemporaryFolder();
    const first = await startLocalProvider({ folder: folder.path });
    await first.deploy(functionSpec(LOCAL_SUBJECT));
    await first.scale(id, 0);
    await first[Symbol.asyncDispose]();
    await using second = await startLocalProvider({ folder: folder.path });
    expect(await second.describe(id)).toMatchObject({ replicas: 0 });
  });

  test("is one's alone: a second one is refused, and told whose it is", async ({ expect }) => {
    using folder = createTemporaryFolder();
    const first = await startLocalProvider({ folder: folder.path });
    const second = startLocalProvider({ folder: folder.path });
    await expect(second).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await first[Symbol.asyncDispose]();
    await using third = await startLocalProvider({ folder: folder.path });
    expect(await third.list("openfaas-fn")).toEqual([]);
  });

  test("of a newer version is refused, and not touched", async ({ expect }) => {
    using folder = createTemporaryFolder();
    const database = new DatabaseSync(join(folder.path, "state.sqlite"));
    database.exec("PRAGMA user_version = 99");
    database.close();
    await expect(startLocalProvider({ folder: folder.path })).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("newer version"),
    });
  });

  test("may be full: what runs goes on, what cannot be kept of it is a warning, and the next one has it", async ({
    expect,
  }) => {
    using folder = createTemporaryFolder();
    const warnings: string[] = [];
    const first = await startLocalProvider({
      folder: folder.path,
      warn: (message) => warnings.push(message),
    });
    const database = new DatabaseSync(join(folder.path, "state.sqlite"), { timeout: 5_000 });
    database.exec(
      "CREATE TRIGGER full BEFORE UPDATE ON replicas BEGIN SELECT RAISE(FAIL, 'the disk is full'); END",
    );
    await first.deploy(functionSpec(LOCAL_SUBJECT));
    expect(await ask(await endpointOf(first, id), "goes on")).toBe("goes on");
    expect(warnings).toEqual([
      expect.stringMatching(
        /^What has become of replica echo-\w+ cannot be kept: the disk is full$/,
      ),
    ]);
    await first[Symbol.asyncDispose]();
    database.exec("DROP TRIGGER full");
    database.close();
    await using second = await startLocalProvider({ folder: folder.path });
    expect(await ask(await endpointOf(second, id), "again")).toBe("again");
  });

  test("is left at once by who is in a hurry, though a replica is deaf to SIGTERM", async ({
    expect,
  }) => {
    using folder = createTemporaryFolder();
    const hurry = new AbortController();
    const options = { folder: folder.path, closeTimeoutMs: 600_000, hurry: hurry.signal };
    const provider = await startLocalProvider(options);
    await provider.deploy(functionSpec(LOCAL_SUBJECT));
    await endpointOf(provider, id);
    const replicas = findProcessesIn(folder.path);
    expect(replicas).not.toEqual([]);
    for (const pid of replicas) process.kill(pid, "SIGSTOP");
    const closed = provider[Symbol.asyncDispose]();
    hurry.abort();
    await closed;
    await until("nobody is left", () => findProcessesIn(folder.path).length === 0);
  });

  test("is closed to other users", async ({ expect }) => {
    using parent = createTemporaryFolder();
    const folder = join(parent.path, "state");
    await using provider = await startLocalProvider({ folder });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(provider.info.name).toBe("local");
  });

  test.skipIf(process.getuid?.() !== 0)("can be that of a user who may nothing", async () => {
    const folder = createTemporaryFolder();
    const [nobody, group] = [65534, 65534];
    chownSync(folder.path, nobody, group);
    const program = [fixture("local-gateway.ts"), folder.path, LOCAL_OPTIONS.watchdog[1] as string];
    const gateway = spawn(process.execPath, program, { uid: nobody, gid: group, cwd: "/" });
    let output = "";
    gateway.stdout.on("data", (chunk) => {
      output += chunk;
    });
    onTestFinished(async () => {
      gateway.kill("SIGKILL");
      await once(gateway, "exit");
      // Who comes next ends what is left.
      const next = await createLocalProvider({
        ...LOCAL_OPTIONS,
        folder: folder.path,
        machine: process.env,
        warn() {},
      });
      await next[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    });
    await until("two replicas answer", () => /port.*port.*\n$/.test(output), 40_000);
  });
});
