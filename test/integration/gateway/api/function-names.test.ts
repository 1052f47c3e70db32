import { test } from "vitest";
import { startApi } from "../../../support/start-api.ts";

const FUNCTIONS = "/system/functions";
const echo = { service: "echo", image: "docker.io/functions/alpine:latest" };

test("the namespace counts from the query, from the body, and from behind the name's last dot", async ({
  expect,
}) => {
  const { ask, provider } = await startApi();
  provider.namespaces.set("dev", { name: "dev", labels: {}, annotations: {} });
  await ask("POST", FUNCTIONS, { ...echo, service: "a", namespace: "dev" });
  await ask("POST", `${FUNCTIONS}?namespace=dev`, { ...echo, service: "b" });
  await ask("POST", FUNCTIONS, { ...echo, service: "c.dev" });
  await ask("POST", FUNCTIONS, { ...echo, service: "d.x.dev" });
  await ask("POST", FUNCTIONS, { ...echo, service: "e.openfaas-fn" });
  await ask("POST", FUNCTIONS, { ...echo, service: "f.x" });
  expect([...provider.functions.keys()]).toEqual([
    "dev/a",
    "dev/b",
    "dev/c",
    "dev/d.x",
    "openfaas-fn/e",
    "openfaas-fn/f.x",
  ]);
  const found = ["a.dev", "a?namespace=dev", "a.dev?namespace=dev", "e", "e.openfaas-fn", "f.x"];
  const statuses = found.map(async (name) => (await ask("GET", `/system/function/${name}`)).status);
  expect(await Promise.all(statuses)).toEqual(Array(found.length).fill(200));
  expect(JSON.parse((await ask("GET", `${FUNCTIONS}?namespace=dev`)).body)).toHaveLength(4);
});

test("a namespace that is not there, and two that contradict each other, are 400", async ({
  expect,
}) => {
  const { ask, provider } = await startApi();
  provider.namespaces.set("dev", { name: "dev", labels: {}, annotations: {} });
  const answers = [
    await ask("POST", FUNCTIONS, { ...echo, namespace: "nowhere" }),
    await ask("GET", `${FUNCTIONS}?namespace=nowhere`),
    await ask("GET", "/system/function/echo.dev?namespace=openfaas-fn"),
  ];
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
  expect(answers[0]?.body).toBe("namespace not valid\n");
  expect(answers[2]?.body).toContain('"dev"');
});

test("a removal says its namespace in query or body", async ({ expect }) => {
  const { ask, provider } = await startApi();
  provider.namespaces.set("dev", { name: "dev", labels: {}, annotations: {} });
  for (const service of ["a", "b"]) {
    await ask("POST", FUNCTIONS, { ...echo, service, namespace: "dev" });
  }
  await ask("DELETE", `${FUNCTIONS}?namespace=dev`, { functionName: "a" });
  await ask("DELETE", FUNCTIONS, { functionName: "b", namespace: "dev" });
  expect(provider.functions.size).toBe(0);
});
