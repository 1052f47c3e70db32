import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";
import { TokenStore } from "../../../../src/gateway/auth/tokens.ts";
import { createDataFolder, RunningGateway } from "../../../support/run-gateway.ts";
import { until } from "../../../support/until.ts";

const VALUE = "open-sesame-1";
const WRONG = "open-sesame-2";

/** All that a request is told, as one text. */
async function hear(answer: Response): Promise<string> {
  const headers = [...answer.headers].map((header) => header.join(": "));
  return [answer.status, ...headers, await answer.text()].join("\n");
}

test("T34: a secret's value, the password, a token and a caller's key are in no answer, no log, no metric, and not in the queue", async ({
  expect,
}) => {
  const folder = createDataFolder();
  const { secret: token } = new TokenStore(join(folder, "tokens.json")).create({
    name: "test",
    scopes: ["admin", "invoke"],
    functions: [],
    expiresAt: undefined,
  });
  const gateway = await RunningGateway.start(folder, { basic_auth: "true", access_log: "all" });
  const password = readFileSync(join(folder, "basic-auth-password"), "utf8").trim();
  const heard: string[] = [];
  const ask = async (path: string, init: RequestInit = {}) => {
    // What a function is told of this is the function's own.
    const own = path.startsWith("/system/") ? { Authorization: `Bearer ${token}` } : {};
    const headers = { ...own, ...init.headers };
    const text = await hear(await gateway.ask(path, { ...init, headers }));
    heard.push(text);
    return text;
  };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(path, { method: "POST", body: JSON.stringify(body), headers });
  const basic = (user: string) => ({ Authorization: `Basic ${btoa(user)}` });

  await post("/system/secrets", { name: "key", value: VALUE });
  await post("/system/secrets", { name: "key", value: VALUE });
  await post("/system/secrets", { name: "..", value: VALUE });
  await ask("/system/secrets", { method: "PUT", body: `{"name":"key","value":${VALUE}}` });
  await post("/system/functions", {
    service: "keeper",
    image: "x",
    envProcess: "wc -c /var/openfaas/secrets/key",
    secrets: ["key"],
    annotations: { "breeze.auth": "api-key" },
  });
  expect(await post("/function/keeper", "", { "X-Api-Key": token })).toMatch(/^200\n.*\b13 /s);
  await post("/function/keeper", "", { Authorization: `Bearer ${WRONG}` });
  await post("/async-function/keeper", "", { "X-Api-Key": token, "X-Call-Id": "later" });
  await until("it ran", async () => (await ask("/system/async/later")).includes("completed"));
  await ask("/system/functions", { headers: basic(`admin:${WRONG}`) });
  expect(await ask("/system/functions", { headers: basic(`admin:${password}`) })).toMatch(/^200/);
  for (const path of [
    "/system/function/keeper?usage=1",
    "/system/secrets",
    "/system/logs?name=keeper",
    "/system/info",
    "/system/namespaces",
    "/metrics",
  ]) {
    expect([path, (await ask(path)).slice(0, 3)]).toEqual([path, "200"]);
  }

  const queued = readdirSync(folder)
    .filter((name) => name.startsWith("queue.sqlite"))
    .map((name) => readFileSync(join(folder, name), "latin1"));
  expect(queued.join("")).toContain("later");
  const all = [...heard, gateway.stdout, gateway.stderr, ...queued].join("\n");
  for (const [what, hidden] of Object.entries({ VALUE, WRONG, password, token })) {
    expect([what, all.includes(hidden)]).toEqual([what, false]);
  }
});
