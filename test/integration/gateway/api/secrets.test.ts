import { test } from "vitest";
import { startApi, toChunkedRequest } from "../../../support/start-api.ts";

const SECRETS = "/system/secrets";

test("a secret is created, listed without its value, changed and removed", async ({ expect }) => {
  const { ask, send, provider } = await startApi();
  const value = () => Buffer.from(provider.secrets.get("openfaas-fn/key")?.value ?? "").toString();
  expect(await ask("POST", SECRETS, { name: "key", value: "one" })).toMatchObject({ status: 201 });
  expect(value()).toBe("one");
  const list = await ask("GET", `${SECRETS}?namespace=openfaas-fn`);
  expect(JSON.parse(list.body)).toEqual([{ name: "key", namespace: "openfaas-fn" }]);
  expect(await ask("PUT", SECRETS, { name: "key", value: "two" })).toMatchObject({ status: 202 });
  expect(value()).toBe("two");
  const removal = toChunkedRequest("DELETE", SECRETS, { name: "key", namespace: "openfaas-fn" });
  expect(await send(removal)).toMatchObject({ status: 202, body: "" });
  expect((await ask("GET", SECRETS)).body).toBe("[]");
});

test("the raw value of a secret counts where there are two, byte for byte", async ({ expect }) => {
  const { ask, provider } = await startApi();
  const bytes = Buffer.from([0, 255, 10]);
  const rawValue = bytes.toString("base64");
  await ask("POST", SECRETS, { name: "key", value: "text", rawValue });
  expect(provider.secrets.get("openfaas-fn/key")?.value).toEqual(bytes);
});

test("a secret that is there is 409, for which the CLI offers to replace it", async ({
  expect,
}) => {
  const { ask } = await startApi();
  const secret = { name: "key", value: "one" };
  await ask("POST", SECRETS, secret);
  expect((await ask("POST", SECRETS, secret)).status).toBe(409);
});

test("a secret that is not there cannot be changed or removed: 404", async ({ expect }) => {
  const { ask } = await startApi();
  expect((await ask("PUT", SECRETS, { name: "key", value: "one" })).status).toBe(404);
  expect((await ask("DELETE", SECRETS, { name: "key" })).status).toBe(404);
});

test("a secret's name cannot be a path, and its value is never in an answer that refuses it", async ({
  expect,
}) => {
  const { ask, provider } = await startApi();
  for (const name of ["", "..", "a/b", "a..b", "../key", ".key", "a\u0000"]) {
    const { status, body } = await ask("POST", SECRETS, { name, value: "sesame" });
    expect([name, status, body.includes("sesame")]).toEqual([name, 400, false]);
    expect((await ask("DELETE", SECRETS, { name })).status).toBe(400);
  }
  for (const misfit of [{}, { value: "" }, { rawValue: "=sesame=" }]) {
    const { status, body } = await ask("POST", SECRETS, { name: "key", ...misfit });
    expect([status, body.includes("sesame")]).toEqual([400, false]);
  }
  expect(provider.secrets.size).toBe(0);
});

test("T34: a body that is no JSON is refused without a word of what it says", async ({
  expect,
}) => {
  const { ask } = await startApi();
  for (const body of [
    '{"name":"key","value":sesame}',
    "{'value':'sesame'}",
    "sesame",
    '{"a":"sesame',
  ]) {
    const answer = await ask("POST", SECRETS, body);
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining("valid JSON")]);
    expect(answer.body).not.toContain("sesame");
  }
});

test("where the provider cannot change a secret, it is 405 and says what to do", async ({
  expect,
}) => {
  const { ask, provider } = await startApi();
  provider.capabilities = { ...provider.capabilities, secretUpdates: false };
  const { status, body } = await ask("PUT", SECRETS, { name: "key", value: "one" });
  expect([status, body]).toEqual([405, expect.stringContaining("remove and create it")]);
});

test("secrets of the same name in two namespaces are two", async ({ expect }) => {
  const { ask, provider } = await startApi();
  provider.namespaces.set("dev", { name: "dev", labels: {}, annotations: {} });
  await ask("POST", SECRETS, { name: "key", value: "one" });
  await ask("POST", SECRETS, { name: "key", value: "two", namespace: "dev" });
  expect([...provider.secrets.keys()]).toEqual(["openfaas-fn/key", "dev/key"]);
  expect((await ask("POST", SECRETS, { name: "x", value: "y", namespace: "no" })).status).toBe(400);
});
