import { test } from "vitest";
import { startApi, toRequest, UNAUTHORIZED } from "../../../support/start-api.ts";

test("an unknown path is 404, with the text of Go's router", async ({ expect }) => {
  const { ask } = await startApi();
  for (const path of [
    "/nothing",
    "/system",
    "/system/functions/",
    "/system/namespace",
    "/healthz/x",
  ]) {
    const { status, body, header } = await ask("GET", path);
    expect([path, status, body]).toEqual([path, 404, "404 page not found\n"]);
    expect(header("content-type")).toBe("text/plain; charset=utf-8");
    expect(header("x-content-type-options")).toBe("nosniff");
  }
});

test("another method than a path has is 405 without a body, and says which it has", async ({
  expect,
}) => {
  const { ask } = await startApi();
  const methods = ["PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "QUERY"];
  for (const method of methods) {
    const { status, header } = await ask(
      method,
      "/system/functions",
      undefined,
      "Connection: close\r\n",
    );
    expect([method, status, header("allow")]).toEqual([method, 405, "GET, POST, PUT, DELETE"]);
    expect(header("content-length")).toBe("0");
  }
  expect(await ask("POST", "/healthz", "x")).toMatchObject({ status: 405, body: "" });
});

test("a path that is not clean leads to the clean one, and never to another host", async ({
  expect,
}) => {
  const { ask } = await startApi();
  for (const [path, location] of [
    ["/system//functions", "/system/functions"],
    ["//evil.example", "/evil.example"],
  ] as const) {
    const { status, header } = await ask("GET", path);
    expect([status, header("location")]).toEqual([307, location]);
  }
});

test("a path with an escape that is none is 400, and with bytes that are no UTF-8 nothing is there", async ({
  expect,
}) => {
  const { ask } = await startApi();
  expect((await ask("GET", "/system/%zz")).status).toBe(400);
  expect((await ask("GET", "/system/function/%ff")).status).toBe(404);
});

test("T29: no way of writing a function's path reaches what is not a function's", async ({
  expect,
}) => {
  const { ask, invoked, scopes } = await startApi({ gate: () => UNAUTHORIZED });
  const paths = [
    "/function/../system/functions",
    "/function/x/../../system/functions",
    "/function/..%2fsystem%2ffunctions",
    "/function/%2e%2e/system/functions",
    "/function/a%2f..%2fb",
    "/function//system/functions",
  ];
  const statuses = [];
  for (const path of paths) statuses.push((await ask("GET", path)).status);
  expect(statuses).toEqual([307, 307, 200, 200, 200, 307]);
  expect(invoked).toEqual([paths[2], paths[3], paths[4]]);
  expect(scopes).toEqual([]);
});

test("T29: a path of the API is behind the gate however it is written", async ({ expect }) => {
  const { ask } = await startApi({ gate: () => UNAUTHORIZED });
  const paths = [
    "/system/functions",
    "/%73ystem/functions",
    "/system/function%73",
    "/system/functions?x=/function/",
    "/system/functions#/function/",
    "http://gateway/system/functions",
    "/system/function/x%2f..%2f..%2fhealthz",
    "/SYSTEM/functions",
  ];
  for (const path of paths) expect([path, (await ask("GET", path)).status]).toEqual([path, 401]);
});

test("T29: a name in a path of the API cannot be a path", async ({ expect }) => {
  const { ask } = await startApi();
  for (const name of ["a%2f..%2fb", "..", "a..b", ".a", "%00", "a%20b", "x".repeat(129)]) {
    expect([name, (await ask("GET", `/system/function/${name}`)).status]).not.toEqual([name, 200]);
  }
  expect((await ask("GET", "/system/function/a%2fb")).status).toBe(400);
});

test("an invocation never passes through the API, whatever its method and body", async ({
  expect,
}) => {
  const { ask, invoked } = await startApi({ gate: () => UNAUTHORIZED });
  for (const method of ["GET", "POST", "PATCH", "PROPFIND"]) {
    expect(await ask(method, "/function/echo/x?y", "{")).toMatchObject({ status: 200 });
  }
  expect(invoked).toEqual(Array(4).fill("/function/echo/x"));
});

test("T33: without a credential all of /system is 401, what is not there and what is not a method too", async ({
  expect,
}) => {
  const { ask, scopes } = await startApi({ gate: () => UNAUTHORIZED });
  for (const path of ["/system/functions", "/system/nothing", "/system", "/system/alert"]) {
    const { status, body, header } = await ask("PATCH", path);
    expect([path, status, body]).toEqual([path, 401, "invalid credentials"]);
    expect(header("www-authenticate")).toBe("Basic");
  }
  expect(scopes).toEqual(Array(4).fill(undefined));
  for (const path of ["/v1/apps", "/tasks", "/specialize", "/scale", "/alert"]) {
    expect([path, (await ask("POST", path)).status]).toEqual([path, 404]);
  }
});

test("T33: what a row asks for is what the gate is asked, before a byte of the body is wanted", async ({
  expect,
}) => {
  const { connect, scopes, api } = await startApi({ gate: () => UNAUTHORIZED });
  const closed = api.routes.filter(({ scope }) => scope !== "open");
  for (const { method, path } of closed) {
    const client = await connect();
    const target = path.replaceAll(/\{\w+\}/g, "x");
    client.send(
      `${method} ${target} HTTP/1.1\r\nHost: gateway\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n`,
    );
    expect([path, (await client.answer()).status]).toEqual([path, 401]);
    expect(client.received).not.toContain("100 Continue");
  }
  expect(scopes).toEqual(closed.map(({ scope }) => scope));
});

test("a gate that takes its time, and one that fails, let nobody in meanwhile", async ({
  expect,
}) => {
  const late = await startApi({ gate: async () => UNAUTHORIZED });
  expect((await late.ask("GET", "/system/functions")).status).toBe(401);
  const broken = await startApi({ gate: () => Promise.reject(new Error("no keys")) });
  expect((await broken.ask("GET", "/system/functions")).status).toBe(500);
  expect(broken.faults).toHaveLength(1);
});

test("a body that waits to be asked for is asked for when its request is let in", async ({
  expect,
}) => {
  const { connect } = await startApi();
  const client = await connect();
  const body = '{"service":"echo","image":"x"}';
  client.send(
    `POST /system/functions HTTP/1.1\r\nHost: gateway\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
  );
  const { socket } = client;
  await new Promise((resolve) => socket.once("data", resolve));
  expect(client.received).toContain("100 Continue");
  client.send(body);
  expect((await client.answer()).status).toBe(202);
});

test("requests that come without waiting for answers are answered in order on one connection", async ({
  expect,
}) => {
  const { connect } = await startApi();
  const client = await connect();
  client.send(
    toRequest("GET", "/system/functions") + toRequest("GET", "/x") + toRequest("GET", "/healthz"),
  );
  const answers = [await client.answer(), await client.answer(), await client.answer()];
  expect(answers.map(({ status }) => status)).toEqual([200, 404, 200]);
});

test("a client that closes its side behind its request is answered", async ({ expect }) => {
  const { connect } = await startApi();
  const client = await connect();
  client.send(toRequest("POST", "/system/functions", { service: "echo", image: "x" }));
  client.finish();
  expect((await client.answer()).status).toBe(202);
});

test("the gateway closes while nobody asks anything, twice", async ({ expect }) => {
  const { api } = await startApi();
  await api.close();
  await expect(api.close()).resolves.toBeUndefined();
});
