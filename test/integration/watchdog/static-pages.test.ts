import { describe, test } from "vitest";
import { startSite } from "../../support/site.ts";
import { toGet } from "../../support/start-watchdog.ts";

describe("a folder", () => {
  test("shows its index.html, which has no address of its own", async ({ expect }) => {
    const { ask } = await startSite({ "index.html": "root", "docs/index.html": "docs" });
    expect((await ask(toGet("/"))).body).toBe("root");
    const docs = await ask(toGet("/docs/"));
    expect([docs.body, docs.header("content-type")]).toEqual(["docs", "text/html; charset=utf-8"]);
    for (const path of ["/index.html", "/docs/index.html?a=b"]) {
      const { status, headers } = await ask(toGet(path));
      expect([status, Object.fromEntries(headers).Location]).toEqual([
        301,
        path.includes("?") ? "./?a=b" : "./",
      ]);
    }
  });

  test("without its slash is redirected to itself, by a reference that holds behind a gateway", async ({
    expect,
  }) => {
    const { ask } = await startSite({ "docs/a b/index.html": "x", "x:y/index.html": "x" });
    const location = async (path: string) => (await ask(toGet(path))).header("location");
    expect(await location("/docs")).toBe("docs/");
    expect(await location("/docs/a%20b?q=1&r")).toBe("a%20b/?q=1&r");
    expect(await location("/x:y")).toBe("./x:y/");
  });

  test("without index.html is not there, unless static_listing lists it", async ({ expect }) => {
    const files = { "docs/b.txt": "b", "docs/.hidden": "x", "docs/sub/a.txt": "a" };
    const closed = await startSite(files);
    expect((await closed.ask(toGet("/docs/"))).status).toBe(404);
    const open = await startSite(files, { static_listing: "true" });
    const { status, body, header } = await open.ask(toGet("/docs/"));
    expect([status, header("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(body.match(/href="[^"]*"/g)).toEqual(['href="b.txt"', 'href="sub/"']);
    expect((await open.ask(toGet("/none/"))).status).toBe(404);
    expect((await open.ask(toGet("/docs/b.txt/"))).status).toBe(404);
  });
});

describe("with static_spa=true", () => {
  const files = { "index.html": "app", "app.js": "js", "docs/index.html": "docs" };
  const html = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n";

  test("a page that is not there is index.html, with 200", async ({ expect }) => {
    const { ask } = await startSite(files, { static_spa: "true" });
    for (const [path, headers] of [
      ["/users/7", ""],
      ["/users/7/", ""],
      ["/users/7", "Accept: */*\r\n"],
      ["/users/john.doe", html],
    ] as const) {
      const answer = await ask(toGet(path, headers));
      expect([path, answer.status, answer.body]).toEqual([path, 200, "app"]);
      expect(answer.headers).toContainEqual(["Vary", "Accept"]);
    }
  });

  test("what is there is itself, and what a page would load is missed", async ({ expect }) => {
    const { ask } = await startSite(files, { static_spa: "true" });
    expect((await ask(toGet("/app.js"))).body).toBe("js");
    expect((await ask(toGet("/docs/"))).body).toBe("docs");
    for (const [path, headers] of [
      ["/old.js", "Accept: */*\r\n"],
      ["/old.png", ""],
      ["/api/users", "Accept: application/json\r\n"],
      ["/.env", html],
      ["/..%2fetc/passwd", html],
    ] as const) {
      expect([path, (await ask(toGet(path, headers))).status]).toEqual([path, 404]);
    }
  });

  test("without an index.html there is nothing to show", async ({ expect }) => {
    const { ask } = await startSite({}, { static_spa: "true" });
    expect((await ask(toGet("/users", html))).status).toBe(404);
  });
});
