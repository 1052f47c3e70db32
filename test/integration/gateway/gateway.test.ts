import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { TokenStore } from "../../../src/gateway/auth/tokens.ts";
import { toBasicAuth } from "../../support/basic-auth.ts";
import { createDataFolder, findProcessesIn, RunningGateway } from "../../support/run-gateway.ts";
import { until } from "../../support/until.ts";
import { find, script, whenCompleted } from "./async/queued.ts";

const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  body,
  headers,
});

describe("a gateway in a process of its own", () => {
  test("deploys, invokes, counts, scales to zero and back, and removes", async ({ expect }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    const list = async () => (await (await gateway.ask("/system/functions")).json()) as object[];
    expect(await gateway.deploy("cat", "cat")).toBe(202);
    const first = await gateway.ask("/function/cat", post("hello"));
    expect([first.status, await first.text()]).toEqual([200, "hello"]);
    await until("it is counted", async () => {
      const [listed] = (await list()) as { invocationCount: number }[];
      return listed?.invocationCount === 1;
    });
    expect(await list()).toMatchObject([
      { name: "cat", replicas: 1, annotations: { "breeze.image": "not-used" } },
    ]);
    await gateway.tell("POST", "/system/scale-function/cat", { service: "cat", replicas: 0 });
    expect(await list()).toMatchObject([{ replicas: 0 }]);
    const woken = await gateway.ask("/function/cat", post("again"));
    expect([woken.status, await woken.text()]).toEqual([200, "again"]);
    expect(await list()).toMatchObject([{ replicas: 1, availableReplicas: 1 }]);
    const removed = await gateway.tell("DELETE", "/system/functions", { functionName: "cat" });
    expect(removed.status).toBe(202);
    expect(await list()).toEqual([]);
    expect((await gateway.ask("/function/cat", post("gone"))).status).toBe(404);
  });

  test("counts for Prometheus, the next function of a name from its beginning", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    const count = async () => {
      const text = await (await gateway.ask("/metrics")).text();
      return /total\{function_name="cat",code="200"\} (\d+)/.exec(text)?.[1];
    };
    await gateway.deploy("cat", "cat");
    await (await gateway.ask("/function/cat", post("a"))).text();
    await until("it is counted", async () => (await count()) === "1");
    await gateway.tell("DELETE", "/system/functions", { functionName: "cat" });
    await until("nobody counts it", async () => (await count()) === undefined);
    await gateway.deploy("cat", "cat");
    await (await gateway.ask("/function/cat", post("b"))).text();
    await until("it is counted anew", async () => (await count()) === "1");
    const text = await (await gateway.ask("/metrics")).text();
    expect(text).toContain('http_requests_total{method="GET",path="/metrics",status="200"}');
    expect(text).toContain('gateway_service_count{function_name="cat"} 1');
  });

  test("runs what it accepted, tells its attempt, and keeps the answer by its call id", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    await gateway.deploy("env", "env");
    const spoof = { "X-Call-Id": "call-1", "X-Breeze-Attempt": "9", "X-Breeze-Delivery": "x" };
    const accepted = await gateway.ask("/async-function/env/some/path?q=1", post("", spoof));
    expect([accepted.status, accepted.headers.get("x-call-id")]).toEqual([202, "call-1"]);
    await until("it ran", async () => (await find(gateway, "call-1")).state === "completed");
    const found = await find(gateway, "call-1");
    expect(found).toMatchObject({ attempt: 1, answer: { status: 200 } });
    const lines = found.answer?.body.split("\n") ?? [];
    expect(lines).toContain("Http_X_Breeze_Attempt=1");
    expect(lines).toContain("Http_X_Call_Id=call-1");
    expect(lines).toContain(`Http_X_Forwarded_Host=${new URL(gateway.url).host}`);
    expect(lines).toContain("Http_Path=/some/path");
    expect(lines).toContain("Http_Query=q=1");
    expect(found.answer?.body).not.toMatch(/X_Breeze_Delivery/i);
    expect((await gateway.ask("/async-function/env", post("", spoof))).status).toBe(409);
    const unknown = await gateway.ask("/async-function/none", post("a"));
    expect([unknown.status, await unknown.text()]).toEqual([
      404,
      "Not Found: there is no function none\n",
    ]);
    const inside = { "X-Callback-Url": "http://127.0.0.1/" };
    expect((await gateway.ask("/async-function/env", post("a", inside))).status).toBe(400);
    expect((await gateway.ask("/system/async/never")).status).toBe(404);
  });

  test("lets nobody in to /system who does not know the password, whose file it names", async ({
    expect,
  }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder, { basic_auth: "true" });
    expect((await gateway.ask("/system/functions")).status).toBe(401);
    expect((await gateway.ask("/healthz")).status).toBe(200);
    const file = join(folder, "basic-auth-password");
    const password = readFileSync(file, "utf8").trim();
    expect(gateway.stderr).toContain(file);
    expect(gateway.stderr).not.toContain(password);
    const authorization = toBasicAuth("admin", password);
    const known = await gateway.ask("/system/functions", { headers: { authorization } });
    expect(known.status).toBe(200);
  });

  test("asks for a function's own key, also of what runs later, and keeps the key from it", async ({
    expect,
  }) => {
    const folder = createDataFolder();
    const tokens = new TokenStore(join(folder, "tokens.json"));
    const wanted = {
      name: "test",
      scopes: ["invoke"],
      functions: [],
      expiresAt: undefined,
    } as const;
    const { secret } = tokens.create(wanted);
    const gateway = await RunningGateway.start(folder);
    const annotations = { "breeze.auth": "api-key" };
    expect(await gateway.deploy("closed", "env", { annotations })).toBe(202);
    expect((await gateway.ask("/function/closed", post("a"))).status).toBe(401);
    expect((await gateway.ask("/async-function/closed", post("a"))).status).toBe(401);
    const guessed = { "X-Breeze-Delivery": "guessed" };
    expect((await gateway.ask("/function/closed", post("a", guessed))).status).toBe(401);
    const known = { "X-Api-Key": secret, "X-Call-Id": "call-1" };
    expect((await gateway.ask("/async-function/closed", post("a", known))).status).toBe(202);
    await until("it ran", async () => (await find(gateway, "call-1")).state === "completed");
    const { answer } = await find(gateway, "call-1");
    expect(answer?.status).toBe(200);
    expect(answer?.body).not.toContain(secret);
  });

  test("deploys no function whose rules cannot be used", async ({ expect }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    const annotations = { "breeze.auth": "secret-handshake" };
    expect(await gateway.deploy("odd", "cat", { annotations })).toBe(400);
    expect((await gateway.ask("/function/odd", post("a"))).status).toBe(404);
  });

  test("leaves nothing running behind SIGTERM, and finishes what is in flight", async ({
    expect,
  }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder);
    await gateway.deploy("slow", script(folder, "slow", "sleep 0.5; echo done"));
    await gateway.deploy("cat", "cat");
    await (await gateway.ask("/function/cat", post("a"))).text();
    const answer = gateway.ask("/function/slow", post(""));
    await until("it is in flight", async () => {
      const text = await (await gateway.ask("/metrics")).text();
      return text.includes('gateway_functions_in_flight{function_name="slow"} 1');
    });
    gateway.process.kill("SIGTERM");
    expect(await (await answer).text()).toBe("done\n");
    expect(await gateway.ended()).toBe(0);
    expect(findProcessesIn(folder)).toEqual([]);
  });

  test("T43: has its functions and runs what it accepted after kill -9", async ({ expect }) => {
    const folder = createDataFolder();
    const first = await RunningGateway.start(folder);
    await first.deploy("slow", script(folder, "slow", "sleep 1; cat"));
    const ids = Array.from({ length: 12 }, (_, index) => `call-${index}`);
    for (const id of ids) {
      const accepted = await first.ask("/async-function/slow", post(id, { "X-Call-Id": id }));
      expect(accepted.status).toBe(202);
    }
    first.process.kill("SIGKILL");
    expect(await first.ended()).toBe("SIGKILL");
    const second = await RunningGateway.start(folder);
    const listed = await (await second.ask("/system/functions")).json();
    expect(listed).toMatchObject([{ name: "slow" }]);
    await whenCompleted(second, ids, 45_000);
    for (const id of ids) expect((await find(second, id)).answer?.body).toBe(id);
    second.process.kill("SIGTERM");
    expect(await second.ended()).toBe(0);
    expect(findProcessesIn(folder)).toEqual([]);
  });
});
