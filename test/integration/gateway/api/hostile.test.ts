import { test } from "vitest";
import { startApi, toRequest } from "../../../support/start-api.ts";
import { until } from "../../../support/until.ts";

const FUNCTIONS = "/system/functions";
const echo = { service: "echo", image: "x" };

test("T49: JSON with more levels than anybody needs is 400, at once", async ({ expect }) => {
  const { ask } = await startApi();
  for (const [open, close] of [
    ["[", "]"],
    ['{"a":', "}"],
  ] as const) {
    const count = Math.floor(1_000_000 / (open.length + close.length));
    const body = `${open.repeat(count)}1${close.repeat(count)}`;
    const answer = await ask("POST", FUNCTIONS, body);
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining("32 levels")]);
    expect((await ask("POST", "/system/alert", body)).status).toBe(400);
  }
});

test("T49: a bracket in a text is no level", async ({ expect }) => {
  const { ask, provider } = await startApi();
  const note = `"${"[{\\".repeat(50)}"`;
  await ask("POST", FUNCTIONS, { ...echo, annotations: { note } });
  expect(provider.functions.get("openfaas-fn/echo")?.annotations.note).toBe(note);
});

test("T49: a key __proto__, however it is written and wherever it stands, is 400", async ({
  expect,
}) => {
  const { ask, provider } = await startApi();
  const bodies = [
    '{"service":"echo","image":"x","__proto__":{"readOnlyRootFilesystem":true}}',
    '{"service":"echo","image":"x","labels":{"__proto__":"y"}}',
    '{"service":"echo","image":"x","labels":{"\\u005f_proto__":"y"}}',
    '{"service":"echo","image":"x","more":[{"__proto__":{"polluted":true}}]}',
  ];
  for (const body of bodies) {
    expect([body, (await ask("POST", FUNCTIONS, body)).status]).toEqual([body, 400]);
  }
  expect(provider.functions.size).toBe(0);
  expect("polluted" in {}).toBe(false);
});

test("T49: keys that other objects have are names like others", async ({ expect }) => {
  const { ask } = await startApi();
  const labels = { constructor: "a", toString: "b", hasOwnProperty: "c", prototype: "d" };
  expect((await ask("POST", FUNCTIONS, { ...echo, labels })).status).toBe(202);
  const { body } = await ask("GET", "/system/function/echo?__proto__=1&constructor=2");
  expect(JSON.parse(body).labels).toEqual({ ...labels, faas_function: "echo" });
});

test("T49: a body over the limit is 413, by its length and by its chunks", async ({ expect }) => {
  const { ask, connect } = await startApi();
  const large = "x".repeat(2 * 1024 * 1024 + 1);
  expect((await ask("POST", FUNCTIONS, large)).status).toBe(413);
  const client = await connect();
  client.send(`POST ${FUNCTIONS} HTTP/1.1\r\nHost: gateway\r\nTransfer-Encoding: chunked\r\n\r\n`);
  for (let sent = 0; sent <= large.length; sent += 65_536)
    client.send(`10000\r\n${"x".repeat(65_536)}\r\n`);
  expect((await client.answer()).status).toBe(413);
});

test("T49: names and numbers that take a naive pattern for ever are answered at once", async ({
  expect,
}) => {
  const { ask } = await startApi();
  const long = "a.".repeat(100_000);
  const start = performance.now();
  for (const service of [long, `${"-".repeat(200_000)}!`, `a${".".repeat(200_000)}`]) {
    expect((await ask("POST", FUNCTIONS, { ...echo, service })).status).toBe(400);
  }
  const since = `2026-01-01T00:00:00.${"0".repeat(50_000)}`;
  expect((await ask("GET", `/system/logs?name=x&since=${since}`)).status).toBe(422);
  expect(performance.now() - start).toBeLessThan(5_000);
});

test("what is no UTF-8 is 400", async ({ expect }) => {
  const { send } = await startApi();
  const body = '{"service":"\xff","image":"x"}';
  const head = `POST ${FUNCTIONS} HTTP/1.1\r\nHost: gateway\r\nContent-Length: ${body.length}\r\n\r\n`;
  expect((await send(head + body)).status).toBe(400);
});

test("a type of content that is none of JSON's does not matter, for old clients say none", async ({
  expect,
}) => {
  const { ask } = await startApi();
  for (const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "nonsense",
    "a/b; c=\x01",
  ]) {
    const answer = await ask("POST", FUNCTIONS, echo, `Content-Type: ${type}\r\n`);
    expect([type, answer.status]).toEqual([type, type.includes("\x01") ? 400 : 202]);
  }
});

test("a body that breaks its framing is 400 and the end of its connection", async ({ expect }) => {
  const { connect, provider } = await startApi();
  const client = await connect();
  client.send(
    `POST ${FUNCTIONS} HTTP/1.1\r\nHost: gateway\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
  );
  expect((await client.answer()).status).toBe(400);
  await client.closed();
  // Nothing behind it that could be taken for another answer.
  expect(client.received).toBe("");
  expect(provider.functions.size).toBe(0);
});

test("a body that does not come in time is 408", async ({ expect }) => {
  const { connect } = await startApi({ readTimeoutMs: 200 });
  const client = await connect();
  client.send(`POST ${FUNCTIONS} HTTP/1.1\r\nHost: gateway\r\nContent-Length: 9\r\n\r\n{`);
  expect((await client.answer()).status).toBe(408);
});

test("a client that leaves within its body is nobody's fault", async ({ expect }) => {
  const { connect, api, faults, ask } = await startApi();
  const client = await connect();
  client.send(`POST ${FUNCTIONS} HTTP/1.1\r\nHost: gateway\r\nContent-Length: 9\r\n\r\n{`);
  const count = () =>
    new Promise<number>((resolve) => api.server.getConnections((_e, n) => resolve(n)));
  await until("it is there", async () => (await count()) === 1);
  client.reset();
  await until("it has gone", async () => (await count()) === 0);
  expect((await ask("GET", FUNCTIONS)).status).toBe(200);
  expect(faults).toEqual([]);
});

test("T26: two ways to read where a request ends are refused before the gate is asked", async ({
  expect,
}) => {
  const { send, scopes } = await startApi();
  const both = "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n";
  const { status, header } = await send(
    `${toRequest("POST", FUNCTIONS, undefined, both)}0\r\n\r\n`,
  );
  expect([status, header("connection")]).toEqual([400, "close"]);
  expect(scopes).toEqual([]);
});
