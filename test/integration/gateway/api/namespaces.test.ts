import { test } from "vitest";
import { startApi } from "../../../support/start-api.ts";

const ALL = "/system/namespace/";
const DEV = `${ALL}dev`;
const dev = { name: "dev", labels: { openfaas: "1" }, annotations: { openfaas: "1" } };

test("a namespace is created, listed, described, changed and removed", async ({ expect }) => {
  const { ask } = await startApi();
  const names = async () => JSON.parse((await ask("GET", "/system/namespaces")).body);
  expect(await ask("POST", ALL, dev)).toMatchObject({ status: 201, body: "" });
  expect(await names()).toEqual(["openfaas-fn", "dev"]);
  expect(JSON.parse((await ask("GET", DEV)).body)).toEqual(dev);
  const changed = { ...dev, labels: { openfaas: "1", team: "a" }, annotations: null };
  expect(await ask("PUT", DEV, changed)).toMatchObject({ status: 202, body: "" });
  expect(JSON.parse((await ask("GET", DEV)).body)).toEqual({ ...changed, annotations: {} });
  const removal = { name: "dev", labels: { openfaas: "1" } };
  expect(await ask("DELETE", DEV, removal)).toMatchObject({ status: 202, body: "" });
  expect(await names()).toEqual(["openfaas-fn"]);
});

test("a namespace is removed by its path alone, too", async ({ expect }) => {
  const { ask, provider } = await startApi();
  await ask("POST", DEV, dev);
  expect(await ask("DELETE", DEV)).toMatchObject({ status: 202 });
  expect(provider.namespaces.has("dev")).toBe(false);
});

test("a namespace that is there already, or has functions when it is removed, is 409", async ({
  expect,
}) => {
  const { ask } = await startApi();
  await ask("POST", ALL, dev);
  expect((await ask("POST", ALL, dev)).status).toBe(409);
  await ask("POST", "/system/functions", { service: "a", image: "b", namespace: "dev" });
  expect((await ask("DELETE", DEV)).status).toBe(409);
});

test("a namespace that would take a function's name is 409, for the function came first", async ({
  expect,
}) => {
  const { ask } = await startApi();
  await ask("POST", "/system/functions", { service: "echo.dev", image: "b" });
  const refused = await ask("POST", ALL, dev);
  expect([refused.status, refused.body]).toEqual([
    409,
    'the function "echo.dev" is called like one of the namespace "dev"\n',
  ]);
  expect((await ask("GET", "/system/function/echo.dev")).status).toBe(200);
});

test("a namespace that is not there is 404", async ({ expect }) => {
  const { ask } = await startApi();
  const answers = [await ask("GET", DEV), await ask("PUT", DEV, dev), await ask("DELETE", DEV)];
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
});

test("without its label, with a name that cannot be, or with two names a namespace is 400", async ({
  expect,
}) => {
  const { ask, provider } = await startApi();
  const answers = [
    await ask("POST", ALL, { name: "dev" }),
    await ask("POST", ALL, { ...dev, labels: { openfaas: "0" } }),
    await ask("POST", ALL, { ...dev, name: "a.b" }),
    await ask("POST", ALL, { ...dev, name: "" }),
    await ask("POST", `${ALL}other`, dev),
    await ask("PUT", `${ALL}other`, dev),
    await ask("DELETE", DEV, { name: "other" }),
  ];
  expect(answers.map(({ status }) => status)).toEqual(Array(answers.length).fill(400));
  expect(answers[0]?.body).toBe('the namespace "dev" needs the label openfaas=1\n');
  expect(provider.namespaces.size).toBe(1);
});

test("where the provider makes no namespaces, it is 501", async ({ expect }) => {
  const { ask, provider } = await startApi();
  provider.capabilities = { ...provider.capabilities, namespaces: false };
  expect((await ask("POST", ALL, dev)).status).toBe(501);
});
