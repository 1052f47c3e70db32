import { describe, test } from "vitest";
import { createGatewayLog } from "../../../src/gateway/log.ts";
import { createPipe } from "../../support/pipe.ts";
import { createDataFolder, RunningGateway } from "../../support/run-gateway.ts";
import { until } from "../../support/until.ts";

const post = (headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  body: "hello",
  headers,
});

type Line = Readonly<Record<string, unknown>>;

function linesOf(gateway: RunningGateway, message: string): Line[] {
  const lines = gateway.stderr.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line) as Line).filter(({ msg }) => msg === message);
}

async function askAll(gateway: RunningGateway): Promise<void> {
  await gateway.deploy("cat", "cat");
  await gateway.deploy("broken", "false");
  for (const [path, headers] of [
    ["/function/cat/a/b?secret=1", { "X-Call-Id": "call-1" }],
    ["/function/broken", {}],
    ["/function/none", { "X-Forwarded-For": "203.0.113.9" }],
  ] as const) {
    await (await gateway.ask(path, post(headers))).text();
  }
  await (await gateway.ask("/system/functions")).text();
  await (await gateway.ask("/healthz")).text();
}

describe("the gateway's log", () => {
  test("has a line for what failed or was refused, and for what changed something", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    await askAll(gateway);
    await until("they are written", () => linesOf(gateway, "invocation").length === 2);
    expect(linesOf(gateway, "invocation")).toMatchObject([
      { level: "warn", function: "broken.openfaas-fn", status: 500, client: "127.0.0.1" },
      {
        level: "info",
        path: "/function/none",
        status: 404,
        reason: "Not Found: there is no function none",
      },
    ]);
    const changes = linesOf(gateway, "request").map(({ method, path }) => `${method} ${path}`);
    expect(new Set(changes)).toEqual(new Set(["PUT /system/functions", "POST /system/functions"]));
  });

  test("says why an issuer's keys cannot be had, which the caller is not told", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    const annotations = {
      "breeze.auth": "jwt",
      "breeze.auth.jwks": "http://127.0.0.1:1/keys",
      "breeze.auth.issuer": "x",
      "breeze.auth.audience": "y",
    };
    await gateway.deploy("closed", "cat", { annotations });
    // Header and payload of a token as anybody can make it.
    const token = `${btoa('{"alg":"RS256","kid":"a"}')}.${btoa('{"iss":"x"}')}.AAAA`.replaceAll(
      "=",
      "",
    );
    const refused = await gateway.ask(
      "/function/closed",
      post({ Authorization: `Bearer ${token}` }),
    );
    expect([refused.status, await refused.text()]).toEqual([
      503,
      expect.not.stringContaining("127.0.0.1"),
    ]);
    await until("it is written", () => linesOf(gateway, "invocation").length === 1);
    expect(linesOf(gateway, "invocation")).toMatchObject([
      { status: 503, reason: expect.stringContaining("http://127.0.0.1:1/keys: ") },
    ]);
  });

  test("with access_log=all has all, without queries, which may be confidential", async ({
    expect,
  }) => {
    const variables = { access_log: "all", trusted_proxies: "127.0.0.0/8" };
    const gateway = await RunningGateway.start(createDataFolder(), variables);
    await askAll(gateway);
    await until("they are written", () => linesOf(gateway, "invocation").length === 3);
    expect(linesOf(gateway, "invocation")).toMatchObject([
      { path: "/function/cat/a/b", status: 200, bytes: 5, callId: "call-1", method: "POST" },
      { status: 500 },
      { status: 404, client: "203.0.113.9" },
    ]);
    await until("so are others", () =>
      linesOf(gateway, "request").some(({ method }) => method === "GET"),
    );
    expect(linesOf(gateway, "request").some(({ path }) => path === "/healthz")).toBe(false);
    expect(gateway.stderr).not.toContain("secret");
  });

  test("has what was to be queued, with its call id, as it has what runs at once", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder(), { access_log: "all" });
    await gateway.deploy("key", "cat", { annotations: { "breeze.auth": "api-key" } });
    await gateway.deploy("cat", "cat");
    for (const name of ["none", "key", "cat"]) {
      const headers = { "X-Call-Id": `call-${name}`, "X-Delay": "1h" };
      await (await gateway.ask(`/async-function/${name}`, post(headers))).text();
    }
    await until("they are written", () => linesOf(gateway, "invocation").length === 3);
    expect(linesOf(gateway, "invocation")).toMatchObject([
      { path: "/async-function/none", status: 404, callId: "call-none", client: "127.0.0.1" },
      {
        function: "key.openfaas-fn",
        status: 401,
        reason: expect.stringContaining("asks for a key"),
      },
      { function: "cat.openfaas-fn", status: 202, callId: "call-cat", method: "POST" },
    ]);
  });

  test("with write_request_uri has queries too, and says for people what the Go gateways say", async ({
    expect,
  }) => {
    const variables = { write_request_uri: "true", log_format: "text" };
    const gateway = new RunningGateway(createDataFolder(), variables);
    await until("it listens", () => /url="[^"]+"/.test(gateway.stderr));
    const url = /url="([^"]+)"/.exec(gateway.stderr)?.[1];
    await (await fetch(`${url}/function/none?a=1`, post())).text();
    await until("it is written", () => gateway.stderr.includes("Forwarded"));
    expect(gateway.stderr).toMatch(
      /Forwarded \[POST\] to \/function\/none\?a=1 - \[404\] - \d\.\d{4}s .*client="127\.0\.0\.1"/,
    );
  });

  test("with access_log=none has no line of any request", async ({ expect }) => {
    const gateway = await RunningGateway.start(createDataFolder(), { access_log: "none" });
    await askAll(gateway);
    gateway.process.kill("SIGTERM");
    expect(await gateway.ended()).toBe(0);
    expect([...linesOf(gateway, "invocation"), ...linesOf(gateway, "request")]).toEqual([]);
  });
});

test("lines of requests are dropped and counted where nobody reads, and leave room for others", async ({
  expect,
}) => {
  using pipe = createPipe();
  await using log = createGatewayLog("json", pipe.descriptor);
  const record = {
    message: "invocation",
    method: "GET",
    path: `/${"x".repeat(4_000)}`,
    status: 500,
  } as const;
  for (let line = 0; line < 3_000; line++) {
    log.access({ ...record, seconds: 0, bytes: 0, client: "127.0.0.1" });
  }
  const { dropped } = log;
  expect(dropped).toBeGreaterThan(0);
  log.error("something that must not be lost");
  expect(log.dropped).toBe(dropped);
});
