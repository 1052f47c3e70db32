import { test } from "vitest";
import {
  createValidator,
  type OpenApi,
  type Operation,
  operationsOf,
} from "../../../support/open-api.ts";
import { type StartedApi, startApi, UNAUTHORIZED } from "../../../support/start-api.ts";

const PATH = "/system/openapi.json";

async function readDocument({ ask }: Pick<StartedApi, "ask">): Promise<OpenApi> {
  return JSON.parse((await ask("GET", PATH)).body);
}

test("the document has every row of the table, and the table every request of the document", async ({
  expect,
}) => {
  const started = await startApi();
  const document = await readDocument(started);
  expect(document).toMatchObject({ openapi: "3.1.0", info: { version: "1.2.3" } });
  const rows = started.api.routes.map(({ method, path }) => `${method} ${path}`);
  expect(
    operationsOf(document)
      .map(([request]) => request)
      .sort(),
  ).toEqual(rows.sort());
  expect(rows).toContain(`GET ${PATH}`);
});

test("every schema of the document is a schema, and every parameter of a path is described", async ({
  expect,
}) => {
  const document = await readDocument(await startApi());
  const validator = createValidator();
  for (const [request, operation] of operationsOf(document)) {
    for (const schema of schemasOf(operation)) {
      expect(() => validator.compile(schema), request).not.toThrow();
    }
    const described = operation.parameters?.filter((one) => one.in === "path") ?? [];
    const named = [...request.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(described.map(({ name }) => name)).toEqual(named);
  }
});

test("the document asks for a credential where the table does", async ({ expect }) => {
  const { api, ask } = await startApi();
  const document = await readDocument({ ask });
  const open = operationsOf(document).filter(([, { security }]) => security.length === 0);
  const rows = api.routes.filter(({ scope }) => scope === "open");
  expect(open.map(([request]) => request)).toEqual(
    rows.map(({ method, path }) => `${method} ${path}`),
  );
  const closed = await startApi({ gate: () => UNAUTHORIZED });
  expect((await closed.ask("GET", PATH)).status).toBe(401);
});

const deployment = { service: "echo", image: "x", labels: null, limits: { memory: "64Mi" } };
const namespace = { name: "dev", labels: { openfaas: "1" } };

/** In an order in which each finds what it needs. */
const TALK: readonly (readonly [string, string, unknown, string?])[] = [
  ["POST", "/system/functions", deployment],
  ["PUT", "/system/functions", deployment],
  ["GET", "/system/functions?usage=1", undefined],
  ["GET", "/system/function/echo", undefined, "/system/function/{name}"],
  ["GET", "/system/function/nobody", undefined, "/system/function/{name}"],
  ["POST", "/system/scale-function/echo", { replicas: 2 }, "/system/scale-function/{name}"],
  ["GET", "/system/logs?name=echo", undefined],
  ["GET", "/system/logs?tail=x", undefined],
  ["POST", "/system/secrets", { name: "key", value: "x" }],
  ["POST", "/system/secrets", { name: "key", value: "x" }],
  ["PUT", "/system/secrets", { name: "key", rawValue: "eA==" }],
  ["GET", "/system/secrets", undefined],
  ["DELETE", "/system/secrets", { name: "key" }],
  ["POST", "/system/namespace/", namespace],
  ["GET", "/system/namespaces", undefined],
  ["GET", "/system/namespace/dev", undefined, "/system/namespace/{namespace}"],
  ["PUT", "/system/namespace/dev", namespace, "/system/namespace/{namespace}"],
  ["DELETE", "/system/namespace/dev", undefined, "/system/namespace/{namespace}"],
  ["POST", "/system/namespace/dev", namespace, "/system/namespace/{namespace}"],
  ["DELETE", "/system/functions", { functionName: "echo" }],
  ["DELETE", "/system/functions", { functionName: "echo" }],
  ["POST", "/system/functions", {}],
  ["GET", "/system/info", undefined],
  ["POST", "/system/alert", { alerts: [{ labels: { function_name: "echo" } }] }],
  ["POST", "/system/async-report", { name: "echo", statusCode: 200, timeTaken: 1 }],
  ["GET", "/healthz", undefined],
  ["GET", "/metrics", undefined],
  ["GET", "/", undefined],
  ["GET", PATH, undefined],
];

test("every request is taken and answered as the document says", async ({ expect }) => {
  const { ask, provider, api } = await startApi();
  const document = await readDocument({ ask });
  const validator = createValidator();
  const asked = new Set<string>();
  for (const [method, target, body, path = target.split("?")[0] as string] of TALK) {
    const operation = document.paths[path]?.[method.toLowerCase()] as Operation;
    const answer = await ask(method, target, body);
    asked.add(`${method} ${path}`);
    const where = `${method} ${target} -> ${answer.status}`;
    const said = operation.responses[answer.status];
    expect(said, where).toBeDefined();
    const [type, { schema }] = Object.entries(said?.content ?? {})[0] ?? ["", { schema: {} }];
    expect((answer.header("content-type") ?? "").split(";")[0], where).toBe(type);
    const values = type === "application/json" ? [JSON.parse(answer.body)] : [];
    if (type === "application/x-ndjson") values.push(...toValues(answer.body));
    for (const value of values) {
      const validate = validator.compile(schema);
      expect(validate(value), `${where} ${JSON.stringify(validate.errors)}`).toBe(true);
    }
    const taken = operation.requestBody?.content["application/json"]?.schema;
    if (taken !== undefined && body !== undefined) {
      const isTaken = validator.compile(taken)(body);
      expect(isTaken, where).toBe(answer.status !== 400);
    }
    if (path === "/system/functions" && method === "PUT") sayLine(provider);
  }
  expect([...asked].sort()).toEqual(api.routes.map((row) => `${row.method} ${row.path}`).sort());
});

function sayLine(provider: StartedApi["provider"]): void {
  const id = { name: "echo", namespace: "openfaas-fn" };
  provider.say({ ...id, instance: "one", time: new Date(), text: "hello" });
}

const toValues = (body: string) =>
  body
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

function schemasOf({ parameters = [], requestBody, responses }: Operation): object[] {
  const contents = [requestBody?.content, ...Object.values(responses).map((one) => one.content)];
  return [
    ...parameters.map(({ schema }) => schema),
    ...contents.flatMap((content) => Object.values(content ?? {}).map(({ schema }) => schema)),
  ];
}
