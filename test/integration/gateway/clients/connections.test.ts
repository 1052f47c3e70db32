import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";
import { noProgramReason } from "../../../support/has-program.ts";
import { askRaw } from "../../../support/raw-http.ts";
import { startWebFunction } from "../../../support/start-web-function.ts";
import { createTemporaryFolder } from "../../../support/temporary-folder.ts";

const post = (path: string, body: string, more = "", version = "1.1") =>
  `POST ${path} HTTP/${version}\r\nHost: x\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;

test("on one connection functions and API are asked without waiting, and answered in order; in pieces of a byte, too", async ({
  expect,
}) => {
  const { connect } = await startWebFunction();
  const client = await connect();
  client.send(
    `${post("/function/cat", "one")}GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n${post("/function/nobody", "lost")}${post("/function/web/echo", "two")}`,
  );
  const answers = [];
  for (let count = 0; count < 4; count++) {
    const { status, body } = await client.answer();
    answers.push([status, body]);
  }
  const unknown = "Not Found: there is no function nobody\n";
  expect(answers).toEqual([
    [200, "one"],
    [200, "OK"],
    [404, unknown],
    [200, "two"],
  ]);
  for (const byte of post("/function/cat", "slow", "Connection: close\r\n")) {
    client.send(byte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await client.answer()).body).toBe("slow");
  expect(await client.closed()).toBe("fin");
});

test("a client of HTTP/1.0 keeps its connection where it says so, and never has chunks", async ({
  expect,
}) => {
  const { connect } = await startWebFunction();
  const client = await connect();
  client.send(post("/function/cat", "one", "Connection: keep-alive\r\n", "1.0"));
  const first = await client.answer();
  expect([first.body, first.header("connection")]).toEqual(["one", "keep-alive"]);
  client.send("POST /function/web/echo HTTP/1.0\r\nContent-Length: 3\r\n\r\ntwo");
  const second = await client.answer();
  expect([second.body, second.header("transfer-encoding")]).toEqual(["two", undefined]);
  expect(await client.closed()).toBe("fin");
});

test("what a function gets of a request is its own part of it, and what it says goes back untouched", async ({
  expect,
}) => {
  const { port, ask } = await startWebFunction();
  const absolute = await askRaw(
    port,
    "QUERY http://other.example/function/web.openfaas-fn/a%2Fb/?c=%20&d HTTP/1.1\r\nHost: x\r\nConnection: x-foo\r\nX-Foo: 1\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nhi",
  );
  const seen = JSON.parse(absolute.body);
  expect(seen).toMatchObject({ method: "QUERY", url: "/a%2Fb/?c=%20&d", body: "hi" });
  expect(seen.rawHeaders).toContain("other.example");
  expect(seen.rawHeaders.join("\n")).not.toMatch(/x-foo|upgrade|h2c/i);
  const zipped = await askRaw(port, "GET /function/web/zipped HTTP/1.1\r\nHost: x\r\n\r\n");
  expect(zipped.header("content-encoding")).toBe("gzip");
  expect(zipped.body.slice(0, 2)).toBe("\x1f\x8b");
  expect(await (await ask("/zipped")).text()).toBe("hello");
  const { status, headers } = await ask("/elsewhere", { redirect: "manual" });
  expect([status, headers.get("location")]).toEqual([307, "/over/there"]);
  const dates = zipped.headers.filter(([name]) => name.toLowerCase() === "date");
  expect(dates.length).toBe(1);
});

test("T26: a body whose framing is broken is answered once, on a connection that ends, and no function keeps what came of it", async ({
  expect,
}) => {
  const { connect, gateway } = await startWebFunction();
  for (const chunks of ["2;\nhi\r\n0\r\n\r\n", `2;${"x".repeat(100_000)}\r\nhi\r\n0\r\n\r\n`]) {
    const client = await connect();
    const smuggled = "GET /system/functions HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    client.send(
      `POST /function/cat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}${smuggled}`,
    );
    expect((await client.answer()).status).toBe(400);
    await client.closed();
    expect(client.received).toBe("");
  }
  expect(await (await gateway.ask("/function/cat", { method: "POST", body: "fine" })).text()).toBe(
    "fine",
  );
});

test("T28: through a function that serves a folder no path leads out of it", async ({ expect }) => {
  using folder = createTemporaryFolder();
  mkdirSync(join(folder.path, "site"));
  writeFileSync(join(folder.path, "site", "a.txt"), "inside");
  writeFileSync(join(folder.path, "secret.txt"), "outside");
  const { gateway, port } = await startWebFunction();
  const image = join(folder.path, "site");
  const envVars = { mode: "static", static_path: "." };
  const { status } = await gateway.tell("POST", "/system/functions", {
    service: "site",
    image,
    envVars,
  });
  expect(status).toBe(202);
  const ask = (path: string) =>
    askRaw(port, `GET /function/site${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  expect((await ask("/a.txt")).body).toBe("inside");
  for (const path of [
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/%2e%2e%2fsecret.txt",
    "/..%5csecret.txt",
    "/..%c0%afsecret.txt",
    "/a.txt/..%2f..%2fsecret.txt",
    "/%2fetc%2fpasswd",
    "/..;/secret.txt",
    "/a.txt%00",
    `/${"a/".repeat(2_000)}`,
  ]) {
    const answer = await ask(path);
    expect([path, [400, 404].includes(answer.status)]).toEqual([path, true]);
    expect(answer.body).not.toContain("outside");
  }
});

const noCurl = noProgramReason("curl");

test.skipIf(noCurl !== undefined)(
  `curl has what it asks for: --http1.0, a body that waits to be asked for, a body from a pipe, HEAD${noCurl === undefined ? "" : ` (${noCurl})`}`,
  async ({ expect }) => {
    const { gateway } = await startWebFunction();
    const curl = (...options: string[]) => {
      const [path = "", ...rest] = options;
      const command = ["-sS", "--noproxy", "*", "--max-time", "30", ...rest, gateway.url + path];
      return spawnSync("curl", command, { input: "from a pipe", encoding: "latin1" }).stdout;
    };
    expect(curl("/function/cat", "--http1.0", "-d", "old")).toBe("old");
    const waits = ["-H", "Expect: 100-continue", "-i", "-d", "patient"];
    expect(curl("/function/cat", ...waits)).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /,
    );
    const piped = ["-T", "-", "-X", "POST", "-H", "Expect:"];
    expect(curl("/function/cat", ...piped)).toBe("from a pipe");
    expect(curl("/function/web/zipped", "--compressed")).toBe("hello");
    expect(curl("/function/web/echo", "-N", "-T", "-", "-X", "POST")).toBe("from a pipe");
    expect(curl("/function/web/zipped", "-I")).toMatch(/^HTTP\/1\.1 200 OK\r\n.*gzip/s);
    expect(curl("/function/cat?q=1", "-G", "-o", "/dev/null", "-w", "%{http_code}")).toBe("200");
  },
);
