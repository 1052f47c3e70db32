import { describe, test } from "vitest";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";

describe("the path", () => {
  test("is cleaned by a redirect that keeps the query", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    const paths = {
      "//a///b?c=//d": "/a/b?c=//d",
      "/a/./b/../c/": "/a/c/",
      "/..": "/",
      "//\\evil": "/%5Cevil",
    };
    for (const [path, cleaned] of Object.entries(paths)) {
      const answer = await watchdog.ask(toGet(path));
      expect([path, answer.status, answer.header("location")]).toEqual([path, 307, cleaned]);
      expect(answer.body).toBe(`<a href="${cleaned}">Temporary Redirect</a>.\n\n`);
    }
    const post = await watchdog.ask(toPost("x", "", "//a"));
    expect([post.status, post.body, post.header("location")]).toEqual([307, "", "/a"]);
    expect(watchdog.telemetry.ended).toEqual([]);
  });

  test("redirects a client that follows with its body", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    const url = `http://127.0.0.1:${watchdog.port}//a`;
    expect(await (await fetch(url, { method: "POST", body: "hello" })).text()).toBe("hello");
  });

  test("is left alone where the odd parts are escaped", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "printenv Http_Path" });
    expect((await watchdog.ask(toGet("/a%2F%2Fb/%2e%2e/c"))).body).toBe("/a//b/../c\n");
    expect((await watchdog.ask(toGet("/.well-known/x"))).body).toBe("/.well-known/x\n");
  });

  test("of health and readiness may be escaped, but for its slashes", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "printenv Http_Path" });
    for (const path of ["/%5f/health", "/%5F/heal%74h?x", "http://x/%5f/health"]) {
      expect([path, (await watchdog.ask(toGet(path))).body]).toEqual([path, "OK"]);
    }
    expect((await watchdog.ask(toGet("/_/read%79"))).body).toBe("");
    expect(watchdog.telemetry.processes).toBe(0);
    const paths = {
      "/_%2fhealth": "/_/health",
      "/%5f%2Fready": "/_/ready",
      "/_/health%20": "/_/health ",
      "/_/health%2f": "/_/health/",
      "/x/%2e%2e/_/health": "/x/../_/health",
    };
    for (const [path, decoded] of Object.entries(paths)) {
      expect((await watchdog.ask(toGet(path))).body).toBe(`${decoded}\n`);
    }
    expect((await watchdog.ask(toGet("/%2e/.."))).header("location")).toBe("/");
  });

  test("may come with a host in front, which counts", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "env" });
    const { body } = await watchdog.ask(toGet("http://u:p@other:81/a?b"));
    expect(body).toContain("Http_Host=other:81\n");
    expect(body).toContain("Http_Path=/a\n");
    expect(body).toContain("Http_Query=b\n");
    const bare = await watchdog.ask(toGet("http://other"));
    expect([bare.status, bare.header("location")]).toEqual([307, "/"]);
  });
});
