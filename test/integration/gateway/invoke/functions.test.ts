import { describe, test } from "vitest";
import { Routes } from "../../../../src/gateway/invoke/routes.ts";
import { ProviderError } from "../../../../src/provider/provider.ts";
import { askRaw } from "../../../support/raw-http.ts";
import { always, headLines, OK, ScriptedUpstream } from "../../../support/scripted-upstream.ts";
import { GET, startEcho, startInvoker } from "./start-invoker.ts";

const ask = (port: number, path: string, host = "gateway") =>
  askRaw(port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);

describe("which function", () => {
  test("a name that nobody has is 404, in words, and known as the gateway's own", async ({
    expect,
  }) => {
    const { port, counted } = await startInvoker();
    const answer = await ask(port, "/function/nobody");
    expect(answer.status).toBe(404);
    expect(answer.body).toBe("Not Found: there is no function nobody\n");
    expect(answer.header("x-openfaas-internal")).toBe("gateway");
    expect(answer.header("x-call-id")).toBeDefined();
    expect(counted("unknown").ended).toEqual([404]);
  });

  test("T48: names that nobody has are counted as one, and leave nothing behind", async ({
    expect,
  }) => {
    const { port, counted } = await startInvoker();
    for (let index = 0; index < 50; index++) await ask(port, `/function/no-${index}`);
    expect(counted("unknown").ended.length).toBe(50);
    expect(counted("no-1").started).toBe(0);
  });

  test("T29: a name with tricks in it is no name, and no path leads to another route", async ({
    expect,
  }) => {
    const { port, upstream } = await startEcho(OK);
    for (const [path, status] of [
      ["/function/../system/functions", 400],
      ["/function/%2e%2e/system/functions", 400],
      ["/function/echo/../../system/functions", 400],
      ["/function/echo/%2E%2e/x", 400],
      ["/function/a%2f..%2fb", 404],
      ["/function/..%2fsystem", 404],
      ["/function/a..b", 404],
      ["/function/.openfaas-fn", 404],
      ["/function/%65cho", 404],
      [`/function/${"a".repeat(129)}`, 404],
      ["/function/", 400],
      ["/system/functions", 418],
    ] as const) {
      const answer = await ask(port, path);
      expect([path, answer.status, answer.header("location")]).toEqual([path, status, undefined]);
    }
    expect((await ask(port, "//evil")).header("location")).toBe("/evil");
    expect(upstream.asked).toEqual([]);
  });

  test("POST / with the name in X-Function is an invocation, as in 2017, and nothing else is", async ({
    expect,
  }) => {
    const { port, upstream } = await startEcho(OK);
    const send = (line: string, name: string) =>
      askRaw(port, `${line} HTTP/1.1\r\nHost: x\r\nX-Function: ${name}\r\n\r\n`);
    expect((await send("POST /?q=1", "echo")).body).toBe("ok");
    expect((await headLines(upstream))[0]).toBe("POST /?q=1 HTTP/1.1");
    expect((await send("POST /", "../system/functions")).status).toBe(404);
    expect((await send("POST /", "")).status).toBe(418);
    expect((await send("GET /", "echo")).status).toBe(418);
    expect((await send("POST /system/functions", "echo")).status).toBe(418);
  });

  test("what is behind the last dot is a namespace only where there is one", async ({ expect }) => {
    const { port, provider } = await startEcho(OK);
    const other = await ScriptedUpstream.listen(
      always("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother"),
    );
    provider.set("echo.v2", [other.port]);
    expect((await ask(port, "/function/echo.v2")).body).toBe("other");
    expect((await ask(port, "/function/echo.openfaas-fn")).body).toBe("ok");
    provider.set("echo", [other.port], { namespace: "dev" });
    expect((await ask(port, "/function/echo.dev")).body).toBe("other");
  });

  test("a namespace that nothing was heard of yet is found out about", async ({ expect }) => {
    const upstream = await ScriptedUpstream.listen(always(OK));
    const { provider } = await startInvoker();
    provider.set("echo", [upstream.port], { namespace: "dev" });
    provider.namespaces.push("dev");
    const { port } = await startInvoker({}, provider);
    expect((await ask(port, "/function/echo.dev")).status).toBe(200);
  });

  test("its provider is asked once, and again only when something has changed", async ({
    expect,
  }) => {
    const { port, provider } = await startEcho(OK);
    await Promise.all(Array.from({ length: 20 }, () => ask(port, "/function/echo")));
    expect(provider.reads).toBe(1);
    provider.remove("echo");
    expect((await ask(port, "/function/echo")).status).toBe(404);
  });

  test("while its provider does not answer, the replicas that are known go on", async ({
    expect,
  }) => {
    const { port, provider, upstream } = await startEcho(OK);
    expect((await ask(port, "/function/echo")).status).toBe(200);
    provider.set("echo", [upstream.port]);
    provider.failure = new ProviderError("unavailable", "away");
    expect((await ask(port, "/function/echo")).status).toBe(200);
    const unknown = await ask(port, "/function/other");
    expect([unknown.status, unknown.header("x-openfaas-internal")]).toEqual([503, "gateway"]);
  });
});

describe("routes", () => {
  test("a host, a host below a domain, and a path may be a function's", async ({ expect }) => {
    const routes = new Routes(["example.com"]);
    const { port, provider, upstream } = await startEcho(OK, { routes });
    const id = provider.set("echo", [upstream.port]);
    routes.replace([
      { host: "Shop.test", path: "/", id },
      { host: undefined, path: "/shop", id },
    ]);
    await ask(port, "/system/functions", "shop.test:8080");
    await ask(port, "/x?y", "echo.example.com");
    await ask(port, "/shop/cart", "gateway");
    const all = upstream.asked.map(({ received }) => received).join("");
    expect(all.match(/^GET \S+/gm)).toEqual(["GET /system/functions", "GET /x?y", "GET /cart"]);
    expect((await ask(port, "/shopping", "gateway")).status).toBe(418);
    expect((await ask(port, "/x", "example.com")).status).toBe(418);
  });

  test("T29: the gateway's own paths are given to no function", ({ expect }) => {
    const id = { name: "echo", namespace: "openfaas-fn" };
    const paths = ["/", "/system", "/system/x", "/function/y", "/ui/", "/metrics", "/healthz", "x"];
    const taken = new Routes().replace(paths.map((path) => ({ host: undefined, path, id })));
    expect(taken.map(({ path }) => path)).toEqual(paths);
  });
});

test("a guard's answer keeps a request from its function, and the headers that it looked at stay", async ({
  expect,
}) => {
  const { port, upstream } = await startEcho(OK, {
    guard: {
      admit: async ({ request }) =>
        request.headers["x-api-key"] === "good"
          ? undefined
          : { status: 401, headers: ["WWW-Authenticate", "Bearer"], body: "no\n" },
      credentialHeaders: () => ["x-api-key", "authorization"],
      isDelivery: () => false,
    },
  });
  const refused = await askRaw(port, `${GET}\r\n`);
  expect([refused.status, refused.header("www-authenticate")]).toEqual([401, "Bearer"]);
  expect(
    (await askRaw(port, `${GET}X-Api-Key: good\r\nAuthorization: Bearer good\r\n\r\n`)).status,
  ).toBe(200);
  expect((await headLines(upstream)).join("\n")).not.toContain("good");
  expect(upstream.asked.length).toBe(1);
});
