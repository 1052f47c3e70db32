import { MARK } from "../visit-mark.ts";
import { ask } from "./ask.ts";

/** Invocations as they should be, and queued ones with what may be said of them. */
export function invocations(): string[] {
  const wishes = [
    ...[
      "X-Delay: 1s",
      "X-Delay: -1",
      "X-Delay: 168h",
      "X-Delay: 1e9",
      "X-Delay: forged",
      "X-Delay: 1s\r\nX-Delay: 2s",
    ],
    ...[
      "X-Callback-Url: http://localhost/",
      "X-Callback-Url: http://user@localhost/",
      "X-Callback-Url: //localhost",
    ],
    ...["X-Callback-Url: http://0/", "X-Callback-Url: gopher://localhost/", "X-Callback-Url: \xff"],
    ...[
      `X-Call-Id: ${MARK}`,
      "X-Call-Id: same",
      `X-Call-Id: ${"x".repeat(65)}`,
      `X-Call-Id: ${MARK}/..`,
    ],
    ...[
      "X-Function-Name: forged",
      "X-Duration-Seconds: forged",
      "Content-Encoding: gzip",
      "Connection: close",
    ],
  ];
  const queued = wishes.map((line) => ask("POST", "/async-function/echo", `${line}\r\n`, MARK));
  const more = [
    "/async-function/nobody",
    "/async-function/keyed",
    "/async-function/sleeper",
    "/async-function/echo/a%2fb?c=%zz",
    "/async-function/../system/functions",
  ];
  const names = [
    "nobody",
    "echo.openfaas-fn",
    "echo.nobody",
    "echo.",
    ".echo",
    "a..b",
    "%65cho",
    "echo%00",
    "x".repeat(200),
    "__proto__",
    "constructor",
  ];
  const long = "x".repeat(100_000);
  return [
    ...[...queued, ...more.map((target) => ask("POST", target, "", MARK))],
    ...names.flatMap((name) => [ask("GET", `/function/${name}`), ask("GET", `/function/${name}/`)]),
    ...["/", "/ui/", "/ui/nothing", "/healthz", "/metrics", "/system/info", "/openapi.json"].map(
      (path) => ask("GET", path),
    ),
    ...["OPTIONS", "TRACE", "PATCH", "DELETE", "HEAD", "PROPFIND", "FOO"].map((method) =>
      ask(method, `/function/echo/${MARK}`),
    ),
    ask("POST", "/", "X-Function: echo\r\n", MARK),
    ask("POST", "/", "X-Function: ../system/functions\r\n", MARK),
    ask("POST", "/function/sleeper", "", MARK),
    ask("POST", `/function/echo/a%2fb;c/%2E%2e/${MARK}?a=b&a=%00&&=#x`, "", MARK),
    ask("POST", "/function/echo", "", long),
    ask("POST", "/async-function/echo", "", long),
    ask("GET", `/function/echo?${long}`),
    ask("GET", "/function/echo", `X-Long: ${long}\r\n`),
    ask("GET", "/function/echo").repeat(12),
    ask("POST", "/function/echo", "", MARK).repeat(6) + ask("GET", "/system/functions"),
  ];
}
