import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, test } from "vitest";
import { isRunning, type ProcessIdentity } from "../../../src/process/process-identity.ts";
import type { FunctionSpec } from "../../../src/provider/provider.ts";
import {
  ask,
  endpointOf,
  endpointsOf,
  functionSpec,
  shellFunction,
} from "../../contract/provider/subject.ts";
import { LOCAL_SUBJECT, startLocalProvider } from "../../support/start-local-provider.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";
import { until } from "../../support/until.ts";

const id = { name: "echo", namespace: "openfaas-fn" };
const toSpec = (changes: Partial<FunctionSpec> = {}) => functionSpec(LOCAL_SUBJECT, changes);
const key = {
  name: "api-key",
  namespace: "openfaas-fn",
  value: new TextEncoder().encode("s3cret"),
};

function readReplicas(folder: string): ProcessIdentity[] {
  const database = new DatabaseSync(join(folder, "state.sqlite"));
  try {
    const rows = database.prepare("SELECT pid, started_at FROM replicas").all();
    return rows.map((row) => ({ pid: Number(row.pid), startedAt: `${row.started_at}` }));
  } finally {
    database.close();
  }
}

test("more replicas than can be meant are refused, and those that are there stay", async ({
  expect,
}) => {
  const provider = await startLocalProvider();
  await provider.deploy(toSpec());
  const scaling = provider.scale(id, 1_000_000_000);
  await expect(scaling).rejects.toMatchObject({
    code: "invalid",
    message: "1000000000 replicas: expected a whole number from 0 to 256",
  });
  expect(await provider.describe(id)).toMatchObject({ replicas: 1 });
});

describe("what a replica gets of this machine", () => {
  test("PATH and its like, and nothing else of the gateway's environment", async ({ expect }) => {
    const machine = { PATH: process.env.PATH, HOME: "/home/app", GATEWAY_TOKEN: "s3cret" };
    const provider = await startLocalProvider({ machine });
    await provider.deploy(toSpec(shellFunction("env")));
    const answer = await ask(await endpointOf(provider, id));
    expect(answer).toContain("HOME=/home/app\n");
    expect(answer).not.toContain("s3cret");
  });

  test("what configures Node and libc is the function's alone, and not its watchdog's", async ({
    expect,
  }) => {
    const provider = await startLocalProvider();
    const environment = {
      NODE_OPTIONS: "--no-such-option",
      LD_PRELOAD: "/none.so",
      MALLOC_ARENA_MAX: "7",
    };
    await provider.deploy(toSpec({ process: "env", environment }));
    const variables = (await ask(await endpointOf(provider, id))).split("\n");
    expect(variables).toEqual(
      expect.arrayContaining(Object.entries(environment).map((pair) => pair.join("="))),
    );
    expect(variables.filter((text) => text.includes("BREEZE_FUNCTION"))).toEqual([]);
  });

  test("T34: no secret is in its environment, its log or its arguments: only in a file of its own that it alone may read", async ({
    expect,
  }) => {
    using folder = createTemporaryFolder();
    await using provider = await startLocalProvider({ folder: folder.path });
    await provider.createSecret(key);
    const script = 'env; cd "$OPENFAAS_SECRETS_DIR"; pwd; stat -c "%a %A" . *';
    await provider.deploy(toSpec({ ...shellFunction(script), secrets: ["api-key"] }));
    const answer = await ask(await endpointOf(provider, id));
    expect(answer).toContain("400 -r--------\n");
    expect(answer).toContain("700 drwx------\n");
    expect(answer).not.toContain("s3cret");
    const [replica] = readReplicas(folder.path);
    for (const file of ["environ", "cmdline"]) {
      expect(readFileSync(`/proc/${replica?.pid}/${file}`, "latin1")).not.toContain("s3cret");
    }
  });

  test("another function's secret is not in its folder", async ({ expect }) => {
    const provider = await startLocalProvider();
    await provider.createSecret(key);
    await provider.deploy(toSpec(shellFunction('ls -A "$OPENFAAS_SECRETS_DIR"')));
    expect(await ask(await endpointOf(provider, id))).toBe("");
  });

  test("com.openfaas.timeout bounds what the function may take", async ({ expect }) => {
    const provider = await startLocalProvider();
    const annotations = { "com.openfaas.timeout": "100ms" };
    await provider.deploy(toSpec({ process: "sleep 600", annotations }));
    const { host, port } = await endpointOf(provider, id);
    const answer = await fetch(`http://${host}:${port}/`, { method: "POST" });
    expect(answer.headers.get("x-breeze-outcome")).toBe("timeout");
  });
});

describe("a replica", () => {
  for (const log_format of ["text", "json"]) {
    test(`whose log is ${log_format} is found where it listens`, async ({ expect }) => {
      const provider = await startLocalProvider();
      await provider.deploy(toSpec({ environment: { log_format } }));
      expect(await ask(await endpointOf(provider, id), "here")).toBe("here");
    });
  }

  test("that is killed is followed by another one, and what it said can still be read", async ({
    expect,
  }) => {
    using folder = createTemporaryFolder();
    const warnings: string[] = [];
    await using provider = await startLocalProvider({
      folder: folder.path,
      warn: (message) => warnings.push(message),
    });
    await provider.deploy(toSpec());
    const first = await endpointOf(provider, id);
    process.kill(readReplicas(folder.path)[0]?.pid as number, "SIGKILL");
    let second = first;
    await until(
      "another one answers",
      async () => {
        second = (await provider.endpoints(id))[0] ?? first;
        return second.id !== first.id;
      },
      40_000,
    );
    expect(await ask(second, "again")).toBe("again");
    expect(warnings).toEqual([expect.stringContaining(`${first.id} of echo.openfaas-fn`)]);
    const query = { instance: first.id, tail: undefined, since: undefined, follow: false };
    const lines: string[] = [];
    for await (const { text } of provider.logs({ ...id, ...query })) lines.push(text);
    expect(lines.join("\n")).toContain("Listening on port");
  });

  test("that cannot start is tried again, later each time, until an update mends it", async ({
    expect,
  }) => {
    const ends: number[] = [];
    const provider = await startLocalProvider({ warn: () => ends.push(performance.now()) });
    await provider.deploy(toSpec({ environment: { exec_timeout: "soon" } }));
    await until("four were tried", () => ends.length >= 4, 50_000);
    const gaps = ends.slice(1).map((end, index) => end - (ends[index] as number));
    for (const [index, gap] of gaps.slice(0, 3).entries()) {
      expect(gap).toBeGreaterThan(100 * 2 ** index);
    }
    await provider.update(toSpec());
    expect(await ask(await endpointOf(provider, id), "mended")).toBe("mended");
  });

  test("whose watchdog says that it takes no requests is not named any more, but lives on", async ({
    expect,
  }) => {
    using folder = createTemporaryFolder();
    await using provider = await startLocalProvider({
      folder: folder.path,
      healthIntervalMs: 2000,
    });
    await provider.deploy(toSpec());
    const { id: replica } = await endpointOf(provider, id);
    const lock = join(folder.path, "replicas", replica, "tmp", ".lock");
    rmSync(lock);
    await endpointsOf(provider, id, 0);
    expect(await provider.describe(id)).toMatchObject({ replicas: 1, availableReplicas: 0 });
    writeFileSync(lock, "");
    expect((await endpointOf(provider, id)).id).toBe(replica);
  });

  test("leaves no process and no file behind, when it is not wanted any more", async ({
    expect,
  }) => {
    using folder = createTemporaryFolder();
    await using provider = await startLocalProvider({ folder: folder.path });
    await provider.deploy(toSpec());
    await endpointOf(provider, id);
    const [replica] = readReplicas(folder.path);
    await provider.remove(id);
    await until("its process is gone", () => !isRunning(replica as ProcessIdentity));
    for (const kind of ["replicas", "logs"]) {
      await until(`${kind} are gone`, () => readdirSync(join(folder.path, kind)).length === 0);
    }
    expect(readReplicas(folder.path)).toEqual([]);
  });
});
