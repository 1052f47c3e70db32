import { readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { startSite, WRITTEN, WRITTEN_TEXT, writeOld } from "../../support/site.ts";
import { toGet, toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

describe("a file", () => {
  test("is sent with its type, its length and its version, and is looked at anew each time", async ({
    expect,
  }) => {
    const { ask, telemetry } = await startSite({ "a/style.css": "body {}" });
    const answer = await ask(toGet("/a/style.css?v=1"));
    expect([answer.status, answer.body]).toEqual([200, "body {}"]);
    expect(Object.fromEntries(answer.headers)).toEqual({
      ETag: answer.header("etag"),
      "Last-Modified": WRITTEN_TEXT,
      "Cache-Control": "no-cache",
      Vary: "Accept-Encoding",
      "Content-Type": "text/css; charset=utf-8",
      "X-Content-Type-Options": "nosniff",
      "Accept-Ranges": "bytes",
      "Content-Length": "7",
      Date: answer.header("date"),
    });
    expect(answer.header("etag")).toMatch(/^(W\/)?"[\da-z]+-7"$/);
    expect(telemetry.processes).toBe(0);
  });

  test("without a known extension has the type that its bytes look like", async ({ expect }) => {
    const { ask } = await startSite({
      picture: "\x89PNG\r\n\x1a\n",
      LICENSE: "Permission is hereby granted",
      large: `%PDF-1.7${" ".repeat(100_000)}`,
    });
    expect((await ask(toGet("/picture"))).header("content-type")).toBe("image/png");
    expect((await ask(toGet("/LICENSE"))).header("content-type")).toBe("text/plain; charset=utf-8");
    const large = await ask(toGet("/large"));
    expect([large.header("content-type"), large.body.length]).toEqual(["application/pdf", 100_008]);
  });

  test("may be empty, and may have any bytes in it and in its name", async ({ expect }) => {
    const bytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join("");
    const { ask, site } = await startSite({ "empty.txt": "", "bytes.bin": bytes });
    writeFileSync(Buffer.from(`${site}/\xff \xc3\xa9.txt`, "latin1"), "odd");
    expect((await ask(toGet("/empty.txt"))).header("content-length")).toBe("0");
    expect((await ask(toGet("/bytes.bin"))).body).toBe(bytes);
    expect((await ask(toGet("/%ff%20%C3%A9.txt"))).body).toBe("odd");
  });

  test("is seen as it is now, however it was replaced", async ({ expect }) => {
    const { ask, site } = await startSite({ "a.txt": "one" });
    const body = async () => (await ask(toGet("/a.txt"))).body;
    const path = join(site, "a.txt");
    expect([await body(), await body()]).toEqual(["one", "one"]);
    writeOld(site, "b.txt", "two");
    renameSync(join(site, "b.txt"), path);
    expect([await body(), await body()]).toEqual(["two", "two"]);
    // The same length and the same time: `cp -p` onto it.
    writeFileSync(path, "six");
    utimesSync(path, WRITTEN, WRITTEN);
    expect([await body(), await body()]).toEqual(["six", "six"]);
    rmSync(path);
    expect(await body()).toBe("404 page not found\n");
  });
});

describe("a site whose folder is a link", () => {
  test("follows it to the next release at once", async ({ expect }) => {
    const first = await startSite({ "1/a.txt": "one", "2/a.txt": "two", "1/only.txt": "x" });
    const current = join(first.folder, "current");
    symlinkSync(join(first.site, "1"), current);
    const { ask } = await startSite({}, { static_path: current });
    expect((await ask(toGet("/a.txt"))).body).toBe("one");
    expect((await ask(toGet("/only.txt"))).body).toBe("x");
    symlinkSync(join(first.site, "2"), `${current}-next`);
    renameSync(`${current}-next`, current);
    expect((await ask(toGet("/a.txt"))).body).toBe("two");
    expect((await ask(toGet("/only.txt"))).status).toBe(404);
  });
});

describe("how long a file is kept", () => {
  test("is what static_cache_control says", async ({ expect }) => {
    const { ask } = await startSite({ "a.txt": "a" }, { static_cache_control: "max-age=60" });
    expect((await ask(toGet("/a.txt"))).header("cache-control")).toBe("max-age=60");
  });

  test("is for ever below static_immutable, but not for a page that stands in for another", async ({
    expect,
  }) => {
    const { ask } = await startSite(
      { "assets/app-1f3a.js": "js", "index.html": "app" },
      { static_immutable: "/assets/", static_spa: "true" },
    );
    const cacheControl = async (path: string) => (await ask(toGet(path))).header("cache-control");
    expect(await cacheControl("/assets/app-1f3a.js")).toBe("max-age=31536000, immutable");
    expect(await cacheControl("/")).toBe("no-cache");
    expect(await cacheControl("/assets/none")).toBe("no-cache");
  });
});

describe("a request", () => {
  test("of HEAD has the head of a GET and no body, for small files and large ones", async ({
    expect,
  }) => {
    const large = "x".repeat(200_000);
    const { connect } = await startSite({ "small.txt": "hello", "large.txt": large });
    const client = await connect();
    for (const [name, length] of [
      ["small.txt", "5"],
      ["large.txt", "200000"],
    ]) {
      client.send(`HEAD /${name} HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1\r\n\r\n`);
      await until("the head", () => client.received.includes("\r\n\r\n"));
      expect(client.received).toMatch(/^HTTP\/1\.1 200 /);
      expect(client.received).toContain(`\r\nContent-Length: ${length}\r\n`);
      expect(client.received).toMatch(/\r\n\r\n$/);
      client.received = "";
    }
    client.send(toGet("/small.txt"));
    expect((await client.answer()).body).toBe("hello");
  });

  test("of another method is 405 and says what is allowed", async ({ expect }) => {
    const { ask } = await startSite({ "a.txt": "a" });
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"]) {
      const answer = await ask(toPost("x", "", "/a.txt").replace("POST", method));
      expect([method, answer.status, answer.header("allow")]).toEqual([method, 405, "GET, HEAD"]);
    }
  });

  test("takes a place, is counted and has its line in the log", async ({ expect }) => {
    const { ask, telemetry } = await startSite({ "a.txt": "hello" }, { max_inflight: "1" });
    await ask(toGet("/a.txt"));
    await ask(toGet("/none"));
    await until("the records", () => telemetry.invocations.length === 2);
    expect(telemetry.invocations).toMatchObject([
      { method: "GET", path: "/a.txt", status: 200, bytes: 5, outcome: "ok", bill: undefined },
      { path: "/none", status: 404, outcome: "ok" },
    ]);
    expect(telemetry.ended).toHaveLength(2);
    expect(telemetry.inFlight).toBe(0);
  });

  test("for health and readiness is not one for a file", async ({ expect }) => {
    const { ask } = await startSite(
      { "_/health": "x", "_/ready": "x", "probe.txt": "fine" },
      { ready_path: "/probe.txt" },
    );
    expect((await ask(toGet("/_/health"))).body).toBe("OK");
    expect((await ask(toGet("/_/ready"))).body).toBe("fine");
  });
});

test("a path is cleaned as in every mode, and never leads above the folder", async ({ expect }) => {
  const { ask, site } = await startSite({ "a.txt": "a" });
  writeFileSync(join(site, "..", "secret.txt"), "secret");
  expect(readFileSync(join(site, "..", "secret.txt"), "latin1")).toBe("secret");
  expect((await ask(toGet("/../secret.txt"))).header("location")).toBe("/secret.txt");
  expect((await ask(toGet("/secret.txt"))).status).toBe(404);
});
