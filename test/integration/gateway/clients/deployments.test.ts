import { describe, test } from "vitest";
import { createDataFolder, RunningGateway } from "../../../support/run-gateway.ts";
import { until } from "../../../support/until.ts";

const FUNCTIONS = "/system/functions";
const IMAGE = "functions/alpine:latest";

interface Status {
  readonly name: string;
  readonly namespace: string;
  readonly replicas: number;
  readonly availableReplicas: number;
  readonly envVars?: Readonly<Record<string, string>>;
}

async function list(gateway: RunningGateway, query = ""): Promise<Status[]> {
  return (await (await gateway.ask(FUNCTIONS + query)).json()) as Status[];
}

async function invoke(gateway: RunningGateway, name: string, body = "x") {
  const answer = await gateway.ask(`/function/${name}`, { method: "POST", body });
  return [answer.status, await answer.text()] as const;
}

/** Asks without a pause, by several at a time, until `work` is done. What was answered, each answer once. */
async function underLoad(gateway: RunningGateway, name: string, work: () => Promise<void>) {
  const answers = new Map<string, number>();
  let isOver = false;
  const ask = async () => {
    while (!isOver) {
      const answer = (await invoke(gateway, name, "hello")).join(" ");
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  };
  const callers = Array.from({ length: 6 }, ask);
  try {
    await until("it is asked", () => answers.size > 0, 30_000);
    await work();
  } finally {
    isOver = true;
  }
  await Promise.all(callers);
  return [...answers.keys()];
}

describe("what many do at a time", () => {
  test("fifty deploys of one name are one function, as the last of them wanted it", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    const deploy = (index: number) => {
      const envVars = { turn: `${index}` };
      const body = { service: "many", image: IMAGE, envProcess: "env", envVars };
      return gateway.tell("POST", FUNCTIONS, body);
    };
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => deploy(index)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const [status, ...others] = await list(gateway);
    expect([status?.name, others]).toEqual(["many", []]);
    // Replicas of those before answer until its own does.
    const last = `turn=${status?.envVars?.turn}\n`;
    await until("the last one answers", async () =>
      (await invoke(gateway, "many"))[1].includes(last),
    );
    expect(await list(gateway)).toMatchObject([{ replicas: 1, availableReplicas: 1 }]);
  });

  test("no call is lost while its function is updated, scaled up, down and to zero", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    await gateway.deploy("busy", "cat");
    const untilReady = (count: number) =>
      until(
        `${count} replicas`,
        async () => (await list(gateway))[0]?.availableReplicas === count,
        30_000,
      );
    const scale = (replicas: number) =>
      gateway.tell("POST", "/system/scale-function/busy", { replicas });
    const answers = await underLoad(gateway, "busy", async () => {
      await gateway.deploy("busy", "cat", { envVars: { turn: "2" } });
      await untilReady(1);
      await scale(3);
      await untilReady(3);
      await gateway.deploy("busy", "cat", { envVars: { turn: "3" } });
      await scale(1);
      await untilReady(1);
      await scale(0);
      await untilReady(1);
    });
    expect(answers).toEqual(["200 hello"]);
  });

  test("a function that is removed while it is invoked has answered, or is not there", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    await gateway.deploy("going", "cat");
    const answers = await underLoad(gateway, "going", async () => {
      const removed = await gateway.tell("DELETE", FUNCTIONS, { functionName: "going" });
      expect(removed.status).toBe(202);
      await until("it is gone", async () => (await invoke(gateway, "going"))[0] === 404);
    });
    expect(answers.sort()).toEqual(["200 hello", "404 Not Found: there is no function going\n"]);
  });
});

describe("names", () => {
  test("that are the beginning of another, have dots, or name their namespace are each one function's", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    const dev = { name: "dev", labels: { openfaas: "1" } };
    await gateway.tell("POST", "/system/namespace/", dev);
    const deployed = [
      ["echo", "echo"],
      ["echo2", "echo2"],
      ["echo.v2", "echo.v2"],
      ["echo.dev", "echo in dev"],
    ] as const;
    for (const [name, text] of deployed) {
      expect([name, await gateway.deploy(name, `echo ${text}`)]).toEqual([name, 202]);
    }
    const names = async (query = "") => (await list(gateway, query)).map(({ name }) => name).sort();
    expect(await names()).toEqual(["echo", "echo.v2", "echo2"]);
    expect(await names("?namespace=dev")).toEqual(["echo"]);
    for (const [name, text] of [...deployed, ["echo.v2.openfaas-fn", "echo.v2"]]) {
      expect([name, await invoke(gateway, name as string)]).toEqual([name, [200, `${text}\n`]]);
      const found = await gateway.ask(`/system/function/${name}`);
      const logs = await gateway.ask(`/system/logs?name=${name}&tail=1`);
      expect([name, found.status, logs.status]).toEqual([name, 200, 200]);
    }
    for (const name of ["ech", "echo.", "echo.v", "echo.v2.dev"]) {
      expect([name, (await invoke(gateway, name))[0]]).toEqual([name, 404]);
    }
    const { status } = await gateway.tell("DELETE", FUNCTIONS, { functionName: "echo.dev" });
    expect([status, await names("?namespace=dev"), (await names()).length]).toEqual([202, [], 3]);
  });
});
