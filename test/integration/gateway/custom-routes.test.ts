import { describe, test } from "vitest";
import { askRaw } from "../../support/raw-http.ts";
import { createDataFolder, RunningGateway } from "../../support/run-gateway.ts";
import { until } from "../../support/until.ts";

/** The function says which path it sees. */
const SAYS_PATH = "printenv Http_Path";

/** A request line and its lines of headers, as they are. */
async function ask({ url }: RunningGateway, target: string, ...headers: string[]) {
  const lines = [`GET ${target} HTTP/1.1`, ...headers, "", ""];
  const answer = await askRaw(Number(new URL(url).port), lines.join("\r\n"));
  return [answer.status, answer.body.trimEnd()] as const;
}

async function deploy(
  gateway: RunningGateway,
  service: string,
  annotations: Record<string, string>,
): Promise<readonly [number, string]> {
  const body = { service, image: "functions/alpine:latest", envProcess: SAYS_PATH, annotations };
  const answer = await gateway.tell("POST", "/system/functions", body);
  return [answer.status, (await answer.text()).trimEnd()];
}

async function start(annotations: Record<string, string>, variables = {}): Promise<RunningGateway> {
  const gateway = await RunningGateway.start(createDataFolder(), variables);
  await deploy(gateway, "echo", annotations);
  return gateway;
}

const HOST = "Host: gateway";

describe("a path by annotation", () => {
  test("is the function's with all below it, which is what the function sees, until it is removed", async ({
    expect,
  }) => {
    const gateway = await start({ "breeze.path": "/shop, /api/v1" });
    expect(await ask(gateway, "/shop/cart?a=b", HOST)).toEqual([200, "/cart"]);
    expect(await ask(gateway, "/api/v1", HOST)).toEqual([200, "/"]);
    expect(await ask(gateway, "/api/v1/", "Host: whatever.test")).toEqual([200, "/"]);
    expect(await ask(gateway, "/function/echo/x", HOST)).toEqual([200, "/x"]);
    expect(await ask(gateway, "/shopping", HOST)).toEqual([404, "404 page not found"]);
    await deploy(gateway, "echo", { "breeze.path": "/store" });
    await until("the new path is its", async () => {
      return (await ask(gateway, "/store/x", HOST))[0] === 200;
    });
    expect((await ask(gateway, "/shop", HOST))[0]).toBe(404);
    await gateway.tell("DELETE", "/system/functions", { functionName: "echo" });
    await until("it is nobody's", async () => {
      return (await ask(gateway, "/store", HOST))[1] === "404 page not found";
    });
  });

  test("that another function has is refused with 409, which names it, and free when that is removed", async ({
    expect,
  }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder);
    await deploy(gateway, "first", { "breeze.path": "/shop" });
    const second = { "breeze.path": "/x,/shop/" };
    const taken = [409, "/shop belongs to the function first.openfaas-fn already"];
    expect(await deploy(gateway, "second", second)).toEqual(taken);
    expect((await ask(gateway, "/function/second", HOST))[0]).toBe(404);
    expect((await ask(gateway, "/x", HOST))[0]).toBe(404);
    expect(await deploy(gateway, "second", {})).toEqual([202, ""]);
    expect(await deploy(gateway, "second", second)).toEqual(taken);
    expect(await deploy(gateway, "first", { "breeze.path": "/shop" })).toEqual([202, ""]);
    await gateway.tell("DELETE", "/system/functions", { functionName: "first" });
    await until("it is free", async () => (await deploy(gateway, "second", second))[0] === 202);
    gateway.process.kill("SIGTERM");
    await gateway.ended();
    const next = await RunningGateway.start(folder);
    expect(await ask(next, "/shop/y", HOST)).toEqual([200, "/y"]);
  });

  test("T29: that is the gateway's own is refused with 400, as are hosts that are", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder(), {
      hosts: "gw.example.com",
      function_domain: "fn.example.com",
    });
    for (const path of ["/", "/system", "/System/x", "/ui", "/metrics", "/healthz", "/function"]) {
      const [status, body] = await deploy(gateway, "echo", { "breeze.path": path });
      expect([path, status, body]).toEqual([path, 400, expect.stringContaining(`"${path}"`)]);
    }
    for (const host of ["localhost", "127.0.0.1", "gw.example.com", "other.fn.example.com"]) {
      const [status, body] = await deploy(gateway, "echo", { "breeze.host": host });
      expect([host, status, body]).toEqual([host, 400, expect.stringContaining(`"${host}"`)]);
    }
    expect(await (await gateway.ask("/system/functions")).json()).toEqual([]);
  });

  test("T29: leads nowhere else, however it is written", async ({ expect }) => {
    const gateway = await start({ "breeze.path": "/shop" });
    for (const [target, status, body] of [
      ["/shop/system/functions", 200, "/system/functions"],
      ["/shop/../system/functions", 400],
      ["/shop/%2e%2e/system/functions", 400],
      ["/shop/.%2E/system/functions", 400],
      ["/shop/x/../../system/functions", 400],
      ["/shop/./../system/functions", 400],
      ["/shop;/../system/functions", 400],
      ["http://gateway/shop/../system/functions", 400],
      ["/shop/..%2fsystem/functions", 200],
      ["/shop/%252e%252e/system/functions", 200],
      ["/shop/\\..\\..\\system\\functions", 200],
      ["/shop\\..\\system\\functions", 404],
      ["/shop%2f..%2fsystem/functions", 404],
      ["/shop%5c..%5csystem/functions", 404],
      ["/sho%70/x", 404],
      ["/SHOP", 404],
      ["/shop//system/functions", 307],
      ["//shop/system/functions", 307],
      ["/shop//../system/functions", 400],
      ["/shop/\tx", 400],
      ["/shop/%00", 400],
    ] as const) {
      const answer = await ask(gateway, target, HOST);
      expect([target, answer[0]]).toEqual([target, status]);
      if (body !== undefined) expect(answer[1]).toBe(body);
      expect(answer[1]).not.toContain('"name"');
    }
  });
});

describe("a host", () => {
  test("T29: by annotation is the function's as a whole, and never the API's, however it is written", async ({
    expect,
  }) => {
    const gateway = await start({ "breeze.host": "Shop.test" });
    for (const [target, ...hosts] of [
      ["/system/functions", "Host: shop.test"],
      ["/system/functions", "Host: SHOP.TEST:8080"],
      ["/system/functions", "Host: shop.test."],
      ["http://shop.test/system/functions", HOST],
      ["http://user@shop.test:80/system/functions", HOST],
    ] as const) {
      expect(await ask(gateway, target, ...hosts)).toEqual([200, "/system/functions"]);
    }
    for (const [status, ...hosts] of [
      [400, "Host: shop.test", HOST],
      [400, "Host: gateway@shop.test"],
      [400, "Host: shop.test/../gateway"],
      [400, "Host: shop.test gateway"],
      [403, "Host: a.shop.test"],
      [403, "Host: shop.test:80:80"],
      [403, "Host: xshop.test"],
    ] as const) {
      expect([hosts, (await ask(gateway, "/system/functions", ...hosts))[0]]).toEqual([
        hosts,
        status,
      ]);
    }
    expect((await ask(gateway, "/../system/functions", "Host: shop.test"))[0]).toBe(400);
  });

  test("by annotation, with a path, has only that path", async ({ expect }) => {
    const gateway = await start({ "breeze.host": "shop.test", "breeze.path": "/v1" });
    expect(await ask(gateway, "/v1/x", "Host: shop.test")).toEqual([200, "/x"]);
    expect((await ask(gateway, "/v1/x", HOST))[0]).toBe(404);
    expect((await ask(gateway, "/v2", "Host: shop.test"))[0]).toBe(404);
    expect(await ask(gateway, "/function/echo/y", "Host: shop.test")).toEqual([200, "/y"]);
  });

  test("T29: below function_domain is the function of this name, and never the API's", async ({
    expect,
  }) => {
    const gateway = await start({}, { function_domain: "Example.com" });
    for (const host of [
      "echo.example.com",
      "Echo.Example.com:80",
      "echo.openfaas-fn.example.com.",
    ]) {
      const answer = await ask(gateway, "/system/functions?a", `Host: ${host}`);
      expect([host, ...answer]).toEqual([host, 200, "/system/functions"]);
    }
    for (const host of ["none.example.com", "system.example.com", "a..b.example.com"]) {
      const [status] = await ask(gateway, "/system/functions", `Host: ${host}`);
      expect([host, status]).toEqual([host, 404]);
    }
    for (const host of [
      "example.com",
      "notexample.com",
      ".example.com",
      "echo.example.com.evil.com",
    ]) {
      const [status] = await ask(gateway, "/system/functions", `Host: ${host}`);
      expect([host, status]).toEqual([host, 403]);
    }
    expect((await ask(gateway, "/system/functions", HOST))[0]).toBe(200);
  });
});
