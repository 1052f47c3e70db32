import { describe, test } from "vitest";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";

/** What a request gives the function, in order of names. */
async function variablesOf(request: string, variables: Readonly<Record<string, string>> = {}) {
  const watchdog = await startTestWatchdog({ fprocess: "env", ...variables });
  const { body } = await watchdog.ask(request);
  const lines = body.split("\n").filter((line) => /^(Http_|HTTP_)/i.test(line));
  return { lines: lines.sort(), dropped: watchdog.telemetry.dropped, body };
}

describe("the environment of a classic function", () => {
  test("has method, path, query, host, lengths and headers", async ({ expect }) => {
    const { lines } = await variablesOf(
      toPost(
        "data",
        "X-ETag-ID: 1\r\nx_under_score: 2\r\nX.dot!: 3\r\n",
        "/my/full%20path?q=x%20y",
      ),
    );
    expect(lines).toEqual([
      "Http_ContentLength=4",
      "Http_Content_Length=4",
      "Http_Host=x",
      "Http_Method=POST",
      "Http_Path=/my/full path",
      "Http_Query=q=x%20y",
      "Http_X.dot!=3",
      "Http_X_Etag_Id=1",
      "Http_X_under_score=2",
    ]);
  });

  test("says 0 for no body, and -1 and the coding for chunks", async ({ expect }) => {
    expect((await variablesOf(toGet())).lines).toContain("Http_ContentLength=0");
    const { lines } = await variablesOf(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    );
    expect(lines).toContain("Http_ContentLength=-1");
    expect(lines).toContain("Http_Content_Length=-1");
    expect(lines).toContain("Http_Transfer_Encoding=chunked");
  });

  test("has no host where the client names none", async ({ expect }) => {
    const { lines } = await variablesOf("GET / HTTP/1.0\r\n\r\n");
    expect(lines.filter((line) => line.startsWith("Http_Host"))).toEqual([]);
  });

  test("has the first of repeated headers, and an empty one as empty (T5, P3)", async ({
    expect,
  }) => {
    const { lines } = await variablesOf(
      toGet("/", "X-A: 1\r\nx-a: 2\r\nX-Empty:\r\nAuthorization: a\r\nAuthorization: b\r\n"),
    );
    expect(lines).toContain("Http_X_A=1");
    expect(lines).toContain("Http_X_Empty=");
    expect(lines).toContain("Http_Authorization=a");
  });

  test("never has Proxy, however it is written, and counts it (T1, G5, P1)", async ({ expect }) => {
    for (const name of ["Proxy", "proxy", "PROXY", "pRoXy"]) {
      const { lines, dropped, body } = await variablesOf(toGet("/", `${name}: http://evil\r\n`));
      expect(body).not.toContain("evil");
      expect(lines.filter((line) => /^http_proxy=/i.test(line))).toEqual([]);
      expect(dropped).toEqual(["proxy"]);
    }
  });

  test("has no header that poses as path, query or method", async ({ expect }) => {
    const { lines, dropped } = await variablesOf(
      toGet("/", "Path: evil\r\nQuery: evil\r\nMethod: evil\r\nContent_Length: evil\r\n"),
    );
    expect(lines.filter((line) => line.includes("evil"))).toEqual(["Http_Content_length=evil"]);
    expect(dropped).toEqual(["reserved", "reserved", "reserved"]);
  });

  test("has both of two names that differ in letters, and of one name that of the hyphen (T4)", async ({
    expect,
  }) => {
    const { lines } = await variablesOf(
      toGet("/", "X_User: b\r\nX-User: a\r\nX_1: b\r\nX-1: a\r\n"),
    );
    expect(lines).toContain("Http_X_User=a");
    expect(lines).toContain("Http_X_user=b");
    expect(lines).toContain("Http_X_1=a");
    expect(lines).not.toContain("Http_X_1=b");
  });

  test("cannot be steered by headers named as variables of loaders and shells (T3)", async ({
    expect,
  }) => {
    const names = ["Ld-Preload", "Node-Options", "Pythonpath", "Bash-Env", "Ifs", "Http-Proxy"];
    const { body } = await variablesOf(
      toGet("/", names.map((name) => `${name}: steered\r\n`).join("")),
    );
    const steered = body.split("\n").filter((line) => line.endsWith("=steered"));
    expect(steered.every((line) => line.startsWith("Http_"))).toBe(true);
    expect(steered).toHaveLength(names.length);
  });

  test("keeps bytes that are no UTF-8", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "printenv Http_X_A" });
    if (watchdog.processes.lacks.includes("environmentBytes")) return;
    expect((await watchdog.ask(toGet("/", "X-A:  \xff\xe9 b \r\n"))).body).toBe("\xff\xe9 b\n");
  });

  test("is the watchdog's own with cgi_headers=false", async ({ expect }) => {
    const { lines, body } = await variablesOf(toGet("/", "X-A: 1\r\n"), { cgi_headers: "false" });
    expect(lines).toEqual([]);
    expect(body).toContain("PATH=");
  });
});

test("a request's argv is the configured one, whatever it says (T8)", async ({ expect }) => {
  const watchdog = await startTestWatchdog({ fprocess: "printf [%s] a" });
  const { body } = await watchdog.ask(toGet("/--help?;id", "X-Nuclio-Arguments: ; id\r\n"));
  expect(body).toBe("[a]");
});
