import { describe, test } from "vitest";
import { createDataFolder, RunningGateway } from "../../../support/run-gateway.ts";
import { until } from "../../../support/until.ts";

const FUNCTIONS = "/system/functions";
const IMAGE = "docker.io/functions/alpine:latest";
const NAMESPACES = ["openfaas-fn", "certified"];

async function read<Value>(gateway: RunningGateway, path: string): Promise<Value> {
  return (await (await gateway.ask(path)).json()) as Value;
}

async function createNamespace(gateway: RunningGateway): Promise<void> {
  const namespace = { name: "certified", labels: { openfaas: "1" } };
  await gateway.tell("POST", "/system/namespace/", namespace);
}

// What openfaas/certifier asks of a gateway and its provider, in words and requests of our own.
describe("a provider's certificate", () => {
  test("has each function back as it was deployed, in each namespace, with nothing in it that nobody said", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    await createNamespace(gateway);
    expect(await read(gateway, "/system/namespaces")).toEqual(NAMESPACES);
    const cases = [
      { service: "plain" },
      { service: "labelled", labels: { canary: "true", uri: "example.com" } },
      { service: "annotated", annotations: { date: "Fri Aug 10 08:21:00", json: '{"a":\n[1]}' } },
      { service: "limited", limits: { memory: "5Mi", cpu: "100m" } },
    ];
    const image = IMAGE;
    for (const namespace of NAMESPACES) {
      for (const one of cases) {
        const deployment = { image, envProcess: "env", namespace, ...one };
        const unknown = await gateway.tell("PUT", FUNCTIONS, deployment);
        expect(unknown.status).toBe(404);
        expect((await gateway.tell("POST", FUNCTIONS, deployment)).status).toBe(202);
      }
      const listed = await read<Record<string, unknown>[]>(
        gateway,
        `${FUNCTIONS}?namespace=${namespace}`,
      );
      const byName = (name: string) => listed.find((status) => status.name === name);
      expect(listed.length).toBe(cases.length);
      for (const { service, labels, annotations, limits } of cases) {
        const status = byName(service) ?? {};
        expect(status).toMatchObject({ image, namespace, envProcess: "env", replicas: 1 });
        expect(status.labels).toEqual({ ...labels, faas_function: service });
        expect(status.annotations).toMatchObject(annotations ?? {});
        expect(status.limits).toEqual(limits);
        for (const unsaid of ["envVars", "requests", "secrets", "constraints"]) {
          expect(status).not.toHaveProperty(unsaid);
        }
        const path = `/system/function/${service}?namespace=${namespace}`;
        expect(await read(gateway, path)).toMatchObject({ name: service, image, namespace });
      }
    }
    const info = await read<Record<string, unknown>>(gateway, "/system/info");
    const version = { sha: expect.stringMatching(/./), release: expect.stringMatching(/./) };
    const provider = { provider: "local", orchestration: "local", version };
    expect(info).toMatchObject({ provider, version });
  });

  test("invokes with every verb and query, says who called when, and writes the watchdog's two lines for each", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    await createNamespace(gateway);
    for (const namespace of NAMESPACES) {
      await gateway.deploy("verbs", "env", { namespace, envVars: { custom_env: "custom" } });
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
        const answer = await gateway.ask(`/function/verbs.${namespace}?testing=1`, { method });
        const lines = (await answer.text()).split("\n");
        for (const line of [`Http_Method=${method}`, "Http_Query=testing=1", "custom_env=custom"]) {
          expect(lines).toContain(line);
        }
        for (const name of ["x-call-id", "x-start-time"]) {
          expect(answer.headers.get(name)).toMatch(/./);
        }
      }
      const path = `/system/logs?name=verbs&namespace=${namespace}&follow=false&tail=-1`;
      // Lines follow their answers.
      await until("two lines for each", async () => {
        const text = await (await gateway.ask(path)).text();
        const said = text
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line));
        expect(said[0]).toMatchObject({ name: "verbs", namespace });
        const words = said.map((line): string => line.text.replace(/^[\d/: ]+/, ""));
        const forks = words.filter((line) => line.startsWith("Forking fprocess"));
        const ends = words.filter((line) => /^Wrote \d+ Bytes/.test(line));
        return forks.length === 5 && ends.length === 5;
      });
    }
    expect((await gateway.ask("/function/.openfaas-fn", { method: "POST" })).status).toBe(404);
  });

  test("takes a secret from its creation over its use and change to its end, by text and by bytes", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    const raw = (value: string) => ({ rawValue: btoa(value) });
    for (const [name, first, second] of [
      ["secret-string", { value: "one" }, { value: "other" }],
      ["secret-bytes", raw("one"), raw("other")],
    ] as const) {
      const tell = async (method: string, body: object) =>
        (await gateway.tell(method, "/system/secrets", { name, ...body })).status;
      const invoke = async () =>
        (await gateway.ask(`/function/${name}`, { method: "POST" })).text();
      const deploy = (annotations: object) =>
        gateway.deploy(name, `cat /var/openfaas/secrets/${name}`, { secrets: [name], annotations });
      expect([await tell("POST", first), await tell("POST", first)]).toEqual([201, 409]);
      expect(await deploy({})).toBe(202);
      expect(await invoke()).toBe("one");
      expect(await read(gateway, "/system/secrets")).toEqual([{ name, namespace: "openfaas-fn" }]);
      expect(await tell("PUT", second)).toBe(202);
      expect(await deploy({ "secret-hash": "another" })).toBe(202);
      await until("its new value", async () => (await invoke()) === "other");
      expect(await tell("DELETE", {})).toBe(409);
      await gateway.tell("DELETE", FUNCTIONS, { functionName: name });
      expect([await tell("DELETE", {}), await tell("DELETE", {})]).toEqual([202, 404]);
      expect(await read(gateway, "/system/secrets")).toEqual([]);
    }
  });

  test("has the fewest replicas at once, and answers from zero", async ({ expect }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    await gateway.deploy("two", "cat", { labels: { "com.openfaas.scale.min": "2" } });
    expect(await read(gateway, "/system/function/two")).toMatchObject({ replicas: 2 });
    await gateway.tell("POST", "/system/scale-function/two", { serviceName: "two", replicas: 0 });
    expect(await read(gateway, "/system/function/two")).toMatchObject({ replicas: 0 });
    expect((await gateway.ask("/function/two", { method: "POST" })).status).toBe(200);
  });
});

// What openfaas/go-sdk expects of namespaces, and the gateway of 2017 of its own clients.
test("clients of today and of 2017 are told by the status what became of a namespace, a function, a request", async ({
  expect,
}) => {
  const gateway = await RunningGateway.start(createDataFolder());
  const named = { name: "certified", labels: { openfaas: "1", team: "a" } };
  const path = "/system/namespace/certified";
  const tell = async (method: string, target: string, body: unknown) =>
    (await gateway.tell(method, target, body)).status;
  expect([
    await tell("POST", "/system/namespace/", named),
    await tell("POST", "/system/namespace/", named),
    await tell("PUT", path, { ...named, annotations: { x: "y" } }),
    await tell("PUT", "/system/namespace/other", { ...named, name: "other" }),
    await tell("DELETE", path, named),
    await tell("DELETE", path, named),
    (await gateway.ask(path)).status,
  ]).toEqual([201, 409, 202, 404, 202, 404, 404]);
  expect([
    await tell("DELETE", FUNCTIONS, { functionName: "" }),
    await tell("DELETE", FUNCTIONS, { functionName: "does_not_exist" }),
    (await gateway.ask(FUNCTIONS, { method: "POST", body: "not json" })).status,
  ]).toEqual([400, 404, 400]);
  await gateway.deploy("func_echoit", "cat");
  const headers = { "X-Function": "func_echoit" };
  const routed = await gateway.ask("/", { method: "POST", body: "test message", headers });
  expect(await routed.text()).toBe("test message");
});
