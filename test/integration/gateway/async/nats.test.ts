import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { noProgramReason } from "../../../support/has-program.ts";
import { NatsServer } from "../../../support/nats-server.ts";
import { createDataFolder, findProcessesIn, RunningGateway } from "../../../support/run-gateway.ts";
import { until } from "../../../support/until.ts";
import { startReceiver } from "../queue/call-back.ts";
import { find, findOnce, isOver, script, submit, whenCompleted } from "./queued.ts";

const reason = noProgramReason("nats-server");

const to = ({ port }: { port: number }) => ({
  faas_nats_address: "127.0.0.1",
  faas_nats_port: String(port),
  callback_networks: "127.0.0.0/8",
});

const ids = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

/** A function that notes each run in a file before it answers with its body. */
function noting(folder: string, file: string, seconds: number): string {
  const note = `echo "$Http_X_Call_Id $Http_X_Breeze_Attempt" >> ${file}`;
  return script(folder, "notes", `${note}; sleep ${seconds}; cat`);
}

function runsIn(file: string): ReadonlyMap<string, readonly string[]> {
  const runs = new Map<string, string[]>();
  if (!existsSync(file)) return runs;
  for (const line of readFileSync(file, "utf8").split("\n").slice(0, -1)) {
    const [callId = "", attempt = ""] = line.split(" ");
    runs.set(callId, [...(runs.get(callId) ?? []), attempt]);
  }
  return runs;
}

const name = `a gateway whose queue is in NATS${reason === undefined ? "" : ` (${reason})`}`;

describe.skipIf(reason !== undefined)(name, () => {
  test("runs what it accepted, tries again, keeps dead letters, and calls back", async ({
    expect,
  }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder, to(await NatsServer.start()));
    await gateway.deploy("cat", "cat");
    const { received, port } = await startReceiver();
    const hook = { "X-Callback-Url": `http://127.0.0.1:${port}/` };
    expect(await submit(gateway, "cat", "a", { ...hook, "X-Delay": "1s" })).toBe(202);
    expect(await submit(gateway, "cat", "a")).toBe(409);
    expect((await find(gateway, "a")).state).toBe("delayed");
    const ran = await findOnce(gateway, "a", ({ callback }) => callback === "delivered");
    expect(ran).toMatchObject({ state: "completed", attempt: 1, answer: { body: "a" } });
    expect(received).toMatchObject([{ body: "a", headers: { "x-function-status": "200" } }]);
    const annotations = {
      "com.openfaas.retry.attempts": "3",
      "com.openfaas.retry.min_wait": "10ms",
    };
    await gateway.deploy("fails", "false", { annotations });
    expect(await submit(gateway, "fails", "b")).toBe(202);
    expect(await findOnce(gateway, "b", isOver)).toMatchObject({ state: "dead", attempt: 3 });
    expect(await (await gateway.ask("/system/dead-letters")).json()).toMatchObject([
      { callId: "b", reason: "given up after 3 tries: the function answered 500" },
    ]);
    await gateway.tell("POST", "/system/dead-letters", { callIds: ["b"] });
    await findOnce(gateway, "b", ({ attempt, state }) => attempt === 6 && state === "dead");
    await gateway.tell("DELETE", "/system/dead-letters", { callIds: "all" });
    expect((await gateway.ask("/system/async/b")).status).toBe(404);
    gateway.process.kill("SIGTERM");
    expect(await gateway.ended()).toBe(0);
  });

  test("starts before NATS does, and says while it is away that nothing is accepted", async ({
    expect,
  }) => {
    const server = await NatsServer.start();
    await server.stop();
    const gateway = await RunningGateway.start(createDataFolder(), to(server));
    await gateway.deploy("cat", "cat");
    const answer = await gateway.ask("/async-function/cat", { method: "POST", body: "a" });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await answer.text()).toBe(
      "Service Unavailable: NATS, which keeps what is queued, is away; try again\n",
    );
    expect((await gateway.ask("/system/async/a")).status).toBe(503);
    expect((await gateway.ask("/function/cat", { method: "POST", body: "a" })).status).toBe(200);
    expect(gateway.stderr).toMatch(/NATS at 127\.0\.0\.1:\d+ is away, nothing can be queued/);
    await server.startAgain();
    await until("it is accepted", async () => (await submit(gateway, "cat", "a")) === 202);
    await findOnce(gateway, "a", ({ state }) => state === "completed");
    await server.kill();
    gateway.process.kill("SIGTERM");
    expect(await gateway.ended()).toBe(0);
  });

  test("T43: loses nothing that it accepted when it is killed in the middle of its work", {
    timeout: 150_000,
  }, async ({ expect }) => {
    const folder = createDataFolder();
    const file = join(folder, "runs");
    const variables = to(await NatsServer.start());
    const first = await RunningGateway.start(folder, variables);
    await first.deploy("notes", noting(folder, file, 0.3));
    const accepted: string[] = [];
    const submitting = ids("call", 200).map(async (id) => {
      if ((await submit(first, "notes", id).catch(() => 0)) === 202) accepted.push(id);
    });
    await Promise.all(submitting.slice(0, 60));
    await until("some have run", () => runsIn(file).size > 10);
    first.process.kill("SIGKILL");
    await first.ended();
    await Promise.all(submitting);
    const second = await RunningGateway.start(folder, variables);
    await whenCompleted(second, accepted, 120_000);
    for (const id of accepted) expect((await find(second, id)).answer?.body).toBe(id);
    // Only what was cut runs once more, and says so; it may have been cut before it ran.
    for (const [, attempts] of runsIn(file)) {
      expect([["1"], ["2"], ["1", "2"]]).toContainEqual(attempts);
    }
    second.process.kill("SIGTERM");
    expect(await second.ended()).toBe(0);
    expect(findProcessesIn(folder)).toEqual([]);
  });

  test("shares the work with another one, and nothing runs twice", async ({ expect }) => {
    const variables = to(await NatsServer.start());
    const common = createDataFolder();
    const gateways = await Promise.all(
      ["one", "other"].map(async (part) => {
        const folder = createDataFolder();
        const gateway = await RunningGateway.start(folder, variables);
        await gateway.deploy("notes", noting(folder, join(common, part), 0.05));
        return gateway;
      }),
    );
    const [one, other] = gateways as [RunningGateway, RunningGateway];
    const callIds = ids("call", 200);
    const accepted = await Promise.all(callIds.map((id) => submit(one, "notes", id)));
    expect(new Set(accepted)).toEqual(new Set([202]));
    for (const id of callIds) {
      await findOnce(other, id, ({ state }) => state === "completed", 45_000);
    }
    const runs = ["one", "other"].map((part) => runsIn(join(common, part)));
    expect(runs.every(({ size }) => size > 20)).toBe(true);
    const all = runs.flatMap((part) => [...part]);
    expect(all.map(([callId]) => callId).sort()).toEqual(callIds.toSorted());
    expect(all.every(([, attempts]) => attempts.join() === "1")).toBe(true);
  });
});
