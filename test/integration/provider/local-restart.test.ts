import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, onTestFinished, test } from "vitest";
import { isRunning, type ProcessIdentity } from "../../../src/process/process-identity.ts";
import type { Endpoint } from "../../../src/provider/provider.ts";
import { ask, endpointsOf } from "../../contract/provider/subject.ts";
import { fixture } from "../../support/fixture.ts";
import { LOCAL_OPTIONS, startLocalProvider } from "../../support/start-local-provider.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";
import { until } from "../../support/until.ts";

const id = { name: "echo", namespace: "openfaas-fn" };
const START_LIMIT_MS = 40_000;

/** A gateway's process with two replicas of a function, and whatever it has started, gone with the test. */
class Gateway {
  readonly folder = createTemporaryFolder();
  readonly process: ChildProcess;
  #output = "";

  constructor() {
    const watchdog = LOCAL_OPTIONS.watchdog[1] as string;
    const program = [fixture("local-gateway.ts"), this.folder.path, watchdog];
    this.process = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "inherit"] });
    this.process.stdout?.on("data", (chunk) => {
      this.#output += chunk;
    });
    onTestFinished(async () => {
      await this.kill();
      for (const replica of this.recorded()) killExactly(replica);
      this.folder[Symbol.dispose]();
    });
  }

  async endpoints(): Promise<Endpoint[]> {
    const last = (): Endpoint[] => JSON.parse(this.#output.split("\n").at(-2) ?? "[]");
    await until("two replicas answer", () => last().length === 2, START_LIMIT_MS);
    return last();
  }

  /** As the kernel does it. */
  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill("SIGKILL");
    await once(this.process, "exit");
  }

  /** Whom it has written down. */
  recorded(): ProcessIdentity[] {
    const database = new DatabaseSync(join(this.folder.path, "state.sqlite"));
    try {
      return database
        .prepare("SELECT pid, started_at FROM replicas")
        .all()
        .map((row) => ({ pid: Number(row.pid), startedAt: `${row.started_at}` }));
    } finally {
      database.close();
    }
  }
}

function killExactly(replica: ProcessIdentity): void {
  if (isRunning(replica)) process.kill(replica.pid, "SIGKILL");
}

describe("a local provider behind a gateway that was killed", () => {
  test("takes over the replicas that still answer, without a break", async ({ expect }) => {
    const gateway = new Gateway();
    const before = await gateway.endpoints();
    await gateway.kill();
    for (const endpoint of before) expect(await ask(endpoint, "orphan")).toBe("orphan");
    const provider = await startLocalProvider({ folder: gateway.folder.path });
    const after = await provider.endpoints(id);
    expect(after.toSorted(byId)).toEqual(before.toSorted(byId));
    expect(await provider.describe(id)).toMatchObject({ replicas: 2, availableReplicas: 2 });
  });

  test("what it said meanwhile, and says from now on, is in the log", async ({ expect }) => {
    const gateway = new Gateway();
    const [endpoint] = await gateway.endpoints();
    await gateway.kill();
    const asked = (await ask(endpoint as Endpoint, "123")).length;
    expect(asked).toBe(3);
    const provider = await startLocalProvider({ folder: gateway.folder.path });
    await ask(endpoint as Endpoint, "12345");
    for (const bytes of [3, 5]) {
      await until(`the answer of ${bytes} bytes is in the log`, async () => {
        const query = { instance: undefined, tail: undefined, since: undefined, follow: false };
        for await (const { text } of provider.logs({ ...id, ...query })) {
          if (text.includes(`Wrote ${bytes} Bytes`)) return true;
        }
        return false;
      });
    }
  });

  test("ends the one that answers no more, by its pid, and starts another one", async ({
    expect,
  }) => {
    const gateway = new Gateway();
    const before = await gateway.endpoints();
    await gateway.kill();
    const [stuck] = gateway.recorded();
    process.kill(stuck?.pid as number, "SIGSTOP");
    const provider = await startLocalProvider({
      folder: gateway.folder.path,
      closeTimeoutMs: 1000,
    });
    const after = await endpointsOf(provider, id, 2);
    expect(after.filter(({ id }) => before.some((one) => one.id === id))).toHaveLength(1);
    process.kill(stuck?.pid as number, "SIGCONT");
    await until("it has ended", () => !isRunning(stuck as ProcessIdentity));
  });

  test("starts again what has died meanwhile, and leaves nothing of it behind", async ({
    expect,
  }) => {
    const gateway = new Gateway();
    const before = await gateway.endpoints();
    await gateway.kill();
    for (const replica of gateway.recorded()) killExactly(replica);
    await until("they are gone", () => !gateway.recorded().some(isRunning));
    const provider = await startLocalProvider({ folder: gateway.folder.path });
    const after = await endpointsOf(provider, id, 2);
    expect(after.map(({ id }) => id)).not.toContain(before[0]?.id);
    const folders = readdirSync(join(gateway.folder.path, "replicas"));
    expect(folders.toSorted()).toEqual(after.map(({ id }) => id).toSorted());
  });

  test("a number that is another process's by now is left alone", async ({ expect }) => {
    const gateway = new Gateway();
    await gateway.endpoints();
    await gateway.kill();
    for (const replica of gateway.recorded()) killExactly(replica);
    const stranger = spawn("sleep", ["600"], { stdio: "ignore" });
    onTestFinished(() => void stranger.kill("SIGKILL"));
    await once(stranger, "spawn");
    const database = new DatabaseSync(join(gateway.folder.path, "state.sqlite"));
    database.prepare("UPDATE replicas SET pid = ?").run(stranger.pid as number);
    database.close();
    const provider = await startLocalProvider({ folder: gateway.folder.path });
    await endpointsOf(provider, id, 2);
    expect(stranger.exitCode ?? stranger.signalCode).toBe(null);
  });

  test("a replica of a function that is no more is ended", async ({ expect }) => {
    const gateway = new Gateway();
    await gateway.endpoints();
    await gateway.kill();
    const orphans = gateway.recorded();
    const database = new DatabaseSync(join(gateway.folder.path, "state.sqlite"));
    database.exec("DELETE FROM functions");
    database.close();
    const provider = await startLocalProvider({ folder: gateway.folder.path });
    await until("they have ended", () => !orphans.some(isRunning));
    expect(await provider.list(id.namespace)).toEqual([]);
  });
});

const byId = (a: Endpoint, b: Endpoint) => (a.id < b.id ? -1 : 1);
