import { test } from "vitest";
import { startApi, toChunkedRequest } from "../../../support/start-api.ts";

const FUNCTIONS = "/system/functions";
const echo = { service: "echo", image: "docker.io/functions/alpine:latest" };
const KEY = "openfaas-fn/echo";

test("an empty list of functions is an array and never null", async ({ expect }) => {
  const { ask } = await startApi();
  const { status, body, header } = await ask("GET", FUNCTIONS);
  expect([status, body, header("content-type")]).toEqual([200, "[]", "application/json"]);
});

test("an update of a function that is not there is 404, so that the CLI deploys it", async ({
  expect,
}) => {
  const { ask, provider } = await startApi();
  const { status, body } = await ask("PUT", FUNCTIONS, echo);
  expect([status, body]).toEqual([404, "function echo.openfaas-fn not found\n"]);
  expect(provider.functions.size).toBe(0);
});

test("a deployment is 202 and empty, and a second one updates what is there", async ({
  expect,
}) => {
  const { ask, provider } = await startApi();
  const first = await ask("POST", FUNCTIONS, echo);
  const second = await ask("POST", FUNCTIONS, { ...echo, image: "other" });
  const third = await ask("PUT", FUNCTIONS, { ...echo, envProcess: "cat" });
  expect([first, second, third].map(({ status, body }) => [status, body])).toEqual(
    Array(3).fill([202, ""]),
  );
  expect(provider.functions.get(KEY)).toMatchObject({ image: echo.image, process: "cat" });
});

test("labels, annotations, lists and limits that are null count as not said", async ({
  expect,
}) => {
  const { ask, provider } = await startApi();
  const { status } = await ask("POST", FUNCTIONS, {
    ...echo,
    labels: null,
    annotations: null,
    envVars: null,
    envProcess: "",
    constraints: null,
    secrets: null,
    limits: null,
    requests: { memory: "", cpu: "" },
    namespace: "",
  });
  expect(status).toBe(202);
  expect(provider.functions.get(KEY)).toMatchObject({
    labels: {},
    annotations: {},
    environment: {},
    process: undefined,
    constraints: [],
    secrets: [],
    limits: undefined,
    requests: undefined,
  });
});

test("what was not said of a function is left out of its status, but for labels and annotations", async ({
  expect,
}) => {
  const { ask, provider } = await startApi({ counts: { echo: 7 } });
  await ask("POST", FUNCTIONS, echo);
  const createdAt = provider.functions.get(KEY)?.createdAt.toISOString();
  const status = {
    name: "echo",
    image: echo.image,
    namespace: "openfaas-fn",
    labels: { faas_function: "echo" },
    annotations: {},
    invocationCount: 7,
    replicas: 1,
    availableReplicas: 1,
    createdAt,
  };
  expect(JSON.parse((await ask("GET", FUNCTIONS)).body)).toEqual([status]);
  expect(JSON.parse((await ask("GET", "/system/function/echo")).body)).toEqual(status);
});

test("what was said of a function comes back word for word", async ({ expect }) => {
  const { ask } = await startApi();
  const said = {
    envProcess: "cat",
    envVars: { greeting: "grüß dich" },
    constraints: ["node.role == worker"],
    secrets: ["key"],
    labels: { team: "a" },
    annotations: { topic: "b" },
    limits: { memory: "64Mi" },
    requests: { cpu: "100m" },
    readOnlyRootFilesystem: true,
  };
  await ask("POST", FUNCTIONS, { ...echo, ...said });
  const { body } = await ask("GET", "/system/function/echo");
  expect(JSON.parse(Buffer.from(body, "latin1").toString())).toMatchObject(said);
});

test("what a function uses is said only to whoever asks", async ({ expect }) => {
  const { ask } = await startApi();
  await ask("POST", FUNCTIONS, echo);
  const usage = async (query: string) =>
    JSON.parse((await ask("GET", `/system/function/echo${query}`)).body).usage;
  const used = { cpu: 12, totalMemoryBytes: 3_456 };
  expect(await Promise.all(["", "?usage=false", "?usage=1", "?usage=true"].map(usage))).toEqual([
    undefined,
    undefined,
    used,
    used,
  ]);
});

test("a removal in chunks without a length removes the function, and the next one is 404", async ({
  expect,
}) => {
  const { ask, send, provider } = await startApi();
  await ask("POST", FUNCTIONS, echo);
  const removal = toChunkedRequest("DELETE", FUNCTIONS, { functionName: "echo" });
  expect(await send(removal)).toMatchObject({ status: 202, body: "" });
  expect(provider.functions.size).toBe(0);
  const again = await ask("DELETE", FUNCTIONS, { functionName: "echo.openfaas-fn" });
  expect([again.status, again.body]).toEqual([404, "function echo.openfaas-fn not found\n"]);
});

test("what cannot be deployed is 400, and the answer names what was wrong", async ({ expect }) => {
  const { ask, send } = await startApi();
  const answers = [
    await ask("POST", FUNCTIONS, "{"),
    await ask("POST", FUNCTIONS),
    await ask("POST", FUNCTIONS, { image: "x" }),
    await ask("POST", FUNCTIONS, { ...echo, labels: { team: 1 } }),
    await ask("POST", FUNCTIONS, { ...echo, envVars: { "a=b": "" } }),
    await ask("POST", FUNCTIONS, { ...echo, registryAuth: "bm9uZQ==" }),
    await ask("DELETE", FUNCTIONS, { functionName: "" }),
    await send(toChunkedRequest("POST", FUNCTIONS, { ...echo, image: "" })),
  ];
  expect(answers.map(({ status, body }) => [status, body.trimEnd()])).toEqual([
    [400, expect.stringContaining("Cannot parse request. Please pass valid JSON")],
    [400, "the request cannot be used: there is no body"],
    [400, expect.stringContaining("service: ")],
    [400, expect.stringContaining("labels.team: ")],
    [400, expect.stringContaining("envVars.a=b: ")],
    [400, "Invalid registry auth"],
    [400, expect.stringContaining("functionName: ")],
    [400, expect.stringContaining("image: ")],
  ]);
  const [answer] = answers;
  expect(answer?.header("content-type")).toBe("text/plain; charset=utf-8");
  expect(answer?.header("x-content-type-options")).toBe("nosniff");
});

test("the number of replicas is set from 0 on, whatever name the body has", async ({ expect }) => {
  const { ask, provider } = await startApi();
  await ask("POST", FUNCTIONS, echo);
  const scale = (name: string, body: object) => ask("POST", `/system/scale-function/${name}`, body);
  expect(await scale("echo", { serviceName: "", replicas: 25 })).toMatchObject({ status: 202 });
  expect(provider.functions.get(KEY)?.replicas).toBe(25);
  const zero = { serviceName: "echo", replicas: 0, namespace: "openfaas-fn" };
  expect(await scale("echo.openfaas-fn", zero)).toMatchObject({ status: 202, body: "" });
  const seen = JSON.parse((await ask("GET", "/system/function/echo")).body);
  expect(seen).toMatchObject({ replicas: 0, availableReplicas: 0 });
  const misfits = [{}, { replicas: -1 }, { replicas: 1.5 }, { replicas: "2" }];
  for (const body of misfits) expect((await scale("echo", body)).status).toBe(400);
  expect((await scale("nobody", { replicas: 1 })).status).toBe(404);
});
