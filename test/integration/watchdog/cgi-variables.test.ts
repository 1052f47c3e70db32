import { describe, test } from "vitest";
import {
  type StartedWatchdog,
  startTestWatchdog,
  toGet,
  toPost,
} from "../../support/start-watchdog.ts";

const PRINTS_VARIABLES = {
  mode: "cgi",
  fprocess: 'sh -c "printf \\"Content-Type: text/plain\\n\\n\\"; exec env -0"',
  fprocess_shell_words: "true",
};

/** All but those of the shell and of the container. */
async function variablesOf(watchdog: StartedWatchdog, request: string) {
  const { body } = await watchdog.ask(request);
  const entries = body
    .split("\0")
    .slice(0, -1)
    .map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]);
  const { PATH, PWD, SHLVL, OLDPWD, _, BREEZE_SESSION, ...variables } = Object.fromEntries(entries);
  return variables as Record<string, string>;
}

describe("the variables of a CGI program", () => {
  test("are those of RFC 3875 and nothing else (G27)", async ({ expect }) => {
    const watchdog = await startTestWatchdog(PRINTS_VARIABLES);
    const request = toPost(
      "a=1",
      "Content-Type: a/b\r\nX-A: 1\r\nAuthorization: Basic eA==\r\nConnection: keep-alive, X-A\r\n",
      "/a%20b/%c3%a9?x=%20&y",
    ).replace("Host: x", "Host: example.org:1234");
    const { REMOTE_PORT, ...variables } = await variablesOf(watchdog, request);
    expect(variables).toEqual({
      GATEWAY_INTERFACE: "CGI/1.1",
      SERVER_SOFTWARE: expect.stringMatching(/^breeze\/\d+\.\d+\.\d+/),
      SERVER_NAME: "example.org",
      SERVER_PORT: "1234",
      SERVER_PROTOCOL: "HTTP/1.1",
      SCRIPT_NAME: "",
      REQUEST_METHOD: "POST",
      REQUEST_URI: "/a%20b/%c3%a9?x=%20&y",
      PATH_INFO: "/a b/\xc3\xa9",
      QUERY_STRING: "x=%20&y",
      REMOTE_ADDR: "127.0.0.1",
      REMOTE_HOST: "127.0.0.1",
      CONTENT_LENGTH: "3",
      CONTENT_TYPE: "a/b",
      HTTP_HOST: "example.org:1234",
      HTTP_X_A: "1",
      HTTP_AUTHORIZATION: "Basic eA==",
    });
    expect(REMOTE_PORT).toMatch(/^\d+$/);
  });

  test("of a request without a query or a body are empty, or not there", async ({ expect }) => {
    const watchdog = await startTestWatchdog(PRINTS_VARIABLES);
    const variables = await variablesOf(watchdog, toGet());
    expect(variables).toMatchObject({ QUERY_STRING: "", SERVER_NAME: "x", PATH_INFO: "/" });
    expect(variables.SERVER_PORT).toBe(String(watchdog.port));
    expect(variables).not.toHaveProperty("CONTENT_LENGTH");
    expect(variables).not.toHaveProperty("CONTENT_TYPE");
    const old = await variablesOf(watchdog, "GET / HTTP/1.0\r\n\r\n");
    expect(old).toMatchObject({ SERVER_NAME: "127.0.0.1", SERVER_PROTOCOL: "HTTP/1.0" });
    expect(old).not.toHaveProperty("HTTP_HOST");
    const empty = await variablesOf(watchdog, toPost(""));
    expect(empty.CONTENT_LENGTH).toBe("0");
  });

  test("come beside those of the container, and win over them", async ({ expect }) => {
    const environment = ["REQUEST_METHOD=container", "OTHER=container"];
    const watchdog = await startTestWatchdog(PRINTS_VARIABLES, { environment });
    const variables = await variablesOf(watchdog, toGet());
    expect(variables).toMatchObject({ REQUEST_METHOD: "GET", OTHER: "container" });
  });

  test("never are a proxy, in any case, and it is counted (T1)", async ({ expect }) => {
    const watchdog = await startTestWatchdog(PRINTS_VARIABLES);
    for (const name of ["Proxy", "PROXY", "proxy"]) {
      const variables = await variablesOf(watchdog, toGet("/", `${name}: http://evil\r\n`));
      expect(Object.keys(variables).filter((key) => /proxy/i.test(key))).toEqual([]);
    }
    expect(watchdog.telemetry.dropped).toEqual(["proxy", "proxy", "proxy"]);
  });

  test("are inert, whatever is in them (T2)", async ({ expect }) => {
    const watchdog = await startTestWatchdog({
      ...PRINTS_VARIABLES,
      fprocess: 'bash -c "printf \\"Content-Type: text/plain\\n\\n\\"; bash -c :; env -0"',
    });
    const attack = "() { :;}; echo hacked; $(echo hacked) `echo hacked`";
    const variables = await variablesOf(watchdog, toGet("/", `User-Agent: ${attack}\r\n`));
    expect(variables.HTTP_USER_AGENT).toBe(attack);
  });

  test("of names that are the container's or the loader's begin with HTTP_ (T3)", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog(PRINTS_VARIABLES);
    const names = ["Path", "Ld-Preload", "Node-Options", "Bash-Env", "Ifs", "Http-Proxy"];
    const headers = names.map((name) => `${name}: evil\r\n`).join("");
    const variables = await variablesOf(watchdog, toGet("/", headers));
    const evil = Object.keys(variables).filter((key) => variables[key] === "evil");
    expect(evil.sort()).toEqual([
      "HTTP_BASH_ENV",
      "HTTP_HTTP_PROXY",
      "HTTP_IFS",
      "HTTP_LD_PRELOAD",
      "HTTP_NODE_OPTIONS",
      "HTTP_PATH",
    ]);
  });

  test("never come from a name with an underscore, or another mark, and it is counted (T4)", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog(PRINTS_VARIABLES);
    for (const headers of [
      "X-User: a\r\nX_User: b\r\n",
      "X_User: b\r\nX.User: c\r\nX-User: a\r\n",
    ]) {
      const variables = await variablesOf(watchdog, toGet("/", headers));
      expect(variables.HTTP_X_USER).toBe("a");
      expect(Object.keys(variables).filter((key) => /user/i.test(key))).toEqual(["HTTP_X_USER"]);
    }
    expect(watchdog.telemetry.dropped).toEqual(["ambiguous", "ambiguous", "ambiguous"]);
  });

  test("of a repeated header are one list, of Cookie with semicolons, of Authorization the first (T5)", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog(PRINTS_VARIABLES);
    const repeated = ["X-A", "Cookie", "Authorization"]
      .map((name) => `${name}: 1\r\n${name.toLowerCase()}: 2\r\n`)
      .join("");
    const variables = await variablesOf(watchdog, toGet("/", repeated));
    expect([variables.HTTP_X_A, variables.HTTP_COOKIE, variables.HTTP_AUTHORIZATION]).toEqual([
      "1, 2",
      "1; 2",
      "1",
    ]);
  });

  test("are refused with 431 where they are more than a process can be given (T7)", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog(PRINTS_VARIABLES);
    const half = "x".repeat(70_000);
    const joined = await watchdog.ask(toGet("/", `X-A: ${half}\r\nX-A: ${half}\r\n`));
    expect([joined.status, watchdog.telemetry.processes]).toEqual([431, 0]);
    const apart = await variablesOf(watchdog, toGet("/", `X-A: ${half}\r\nX-B: ${half}\r\n`));
    expect(apart.HTTP_X_B).toHaveLength(70_000);
  });

  test("have no HTTPS, whatever a client says of it", async ({ expect }) => {
    const watchdog = await startTestWatchdog(PRINTS_VARIABLES);
    const variables = await variablesOf(watchdog, toGet("/", "X-Forwarded-Proto: https\r\n"));
    expect(variables).not.toHaveProperty("HTTPS");
    expect(variables.HTTP_X_FORWARDED_PROTO).toBe("https");
  });
});
