import { test } from "vitest";
import type { LogLine } from "../../../../src/provider/provider.ts";
import { type StartedApi, startApi, toRequest } from "../../../support/start-api.ts";
import { until } from "../../../support/until.ts";

const line = (text: string, more: Partial<LogLine> = {}): LogLine => ({
  name: "echo",
  namespace: "openfaas-fn",
  instance: "one",
  time: new Date("2026-01-02T03:04:05.678Z"),
  text,
  ...more,
});

async function startWithLines(...lines: readonly LogLine[]): Promise<StartedApi> {
  const api = await startApi();
  await api.ask("POST", "/system/functions", { service: "echo", image: "x" });
  for (const said of lines) api.provider.say(said);
  return api;
}

const textsOf = (body: string) =>
  body
    .split("\n")
    .slice(0, -1)
    .map((text) => JSON.parse(text).text);

test("each line of a log is an object of its own, and the end comes by itself", async ({
  expect,
}) => {
  const { ask } = await startWithLines(line("a"), line('b "ü"\n'));
  const { status, header, body } = await ask("GET", "/system/logs?name=echo&follow=false&tail=-1");
  expect([status, header("content-type")]).toEqual([200, "application/x-ndjson"]);
  expect(header("transfer-encoding")).toBe("chunked");
  const lines = Buffer.from(body, "latin1").toString().trimEnd().split("\n");
  expect(lines.map((text) => JSON.parse(text))).toEqual([
    {
      name: "echo",
      namespace: "openfaas-fn",
      instance: "one",
      timestamp: "2026-01-02T03:04:05.678Z",
      text: "a",
    },
    expect.objectContaining({ text: 'b "ü"\n' }),
  ]);
});

test("tail, since and instance say which lines, and the last value of each counts", async ({
  expect,
}) => {
  const later = { time: new Date("2026-01-02T04:00:00Z") };
  const { ask } = await startWithLines(
    line("a"),
    line("b", later),
    line("c", { ...later, instance: "two" }),
  );
  const texts = async (query: string) =>
    textsOf((await ask("GET", `/system/logs?name=echo&${query}`)).body);
  expect(await texts("tail=0")).toEqual(["a", "b", "c"]);
  expect(await texts("tail=2")).toEqual(["b", "c"]);
  expect(await texts("tail=2&tail=1")).toEqual(["c"]);
  expect(await texts("since=2026-01-02T03:30:00Z")).toEqual(["b", "c"]);
  expect(await texts("since=2026-01-02T05:30:00%2B02:00")).toEqual(["b", "c"]);
  expect(await texts("instance=two")).toEqual(["c"]);
});

test("whoever follows a log has its head at once, and each line when it is said", async ({
  expect,
}) => {
  const { connect, provider } = await startWithLines();
  const client = await connect();
  client.send(toRequest("GET", "/system/logs?name=echo.openfaas-fn&follow=true"));
  await until("the head", () => client.received.includes("\r\n\r\n"));
  expect(client.received).toContain("200 OK");
  for (const text of ["first", "second"]) {
    provider.say(line(text));
    await until(text, () => client.received.includes(`"text":"${text}"`));
  }
  expect(client.ending).toBeUndefined();
});

test.for(["finish", "reset"] as const)(
  "a log that is followed ends with its client: %s",
  async (leave, { expect }) => {
    const { connect, provider } = await startWithLines(line("a"));
    const client = await connect();
    client.send(toRequest("GET", "/system/logs?name=echo&follow=1"));
    await until("a line", () => client.received.includes('"a"'));
    expect(provider.followers).toBe(1);
    client[leave]();
    await until("nobody follows", () => provider.followers === 0);
  },
);

test("a log that is followed ends with the gateway, as a whole answer", async ({ expect }) => {
  const { connect, provider, api } = await startWithLines(line("a"));
  const client = await connect();
  client.send(toRequest("GET", "/system/logs?name=echo&follow=true"));
  await until("a line", () => client.received.includes('"a"'));
  await api.close();
  expect(textsOf((await client.answer()).body)).toEqual(["a"]);
  expect(provider.followers).toBe(0);
});

test("a log of a function that is not there is 404", async ({ expect }) => {
  const { ask } = await startApi();
  const { status, body } = await ask("GET", "/system/logs?name=echo&follow=true");
  expect([status, body]).toEqual([404, "function echo.openfaas-fn not found\n"]);
});

test("a request for a log that cannot be understood is 422", async ({ expect }) => {
  const { ask } = await startWithLines();
  for (const query of ["", "name=echo&tail=x", "name=echo&since=yesterday", "name=echo&tail=1.5"]) {
    const { status, body } = await ask("GET", `/system/logs?${query}`);
    expect([query, status]).toEqual([query, 422]);
    expect(body).toContain("could not parse the log request");
  }
});

test("a log that fails before its first line is 500", async ({ expect }) => {
  const { ask, provider } = await startWithLines();
  provider.logs = async function* () {
    yield* [];
    throw new Error("the disk is gone");
  };
  expect((await ask("GET", "/system/logs?name=echo")).status).toBe(500);
});

test("a log that fails behind a line is cut, and does not look complete", async ({ expect }) => {
  const { connect, provider } = await startWithLines();
  provider.logs = async function* () {
    yield line("a");
    throw new Error("the disk is gone");
  };
  const client = await connect();
  client.send(toRequest("GET", "/system/logs?name=echo"));
  expect(await client.closed()).toBe("reset");
  expect(client.received).toContain('"a"');
  expect(client.received).not.toContain("\r\n0\r\n");
});
