import { describe, test } from "vitest";
import { readWatchdogConfig } from "../../../src/config/read.ts";
import { MODES } from "../../../src/config/variable.ts";
import { BreezeError } from "../../../src/core/errors.ts";
import { problemsOf, read } from "./reading.ts";

describe("what is not in this version stops the start", () => {
  test.for(["prefork", "prefork_settle", "request_frame", "limit_memory", "limit_cpu"])(
    "%s",
    (name, { expect }) => {
      for (const mode of ["", "streaming"]) {
        expect(problemsOf({ mode, [name]: "3", strict_config: "false" })).toEqual([
          `${name}: found "3", which is not in this version: unset it`,
        ]);
      }
      expect(problemsOf({ [name]: "" })).toEqual([]);
    },
  );

  test.for(["forkserver"])("mode=%s", (mode, { expect }) => {
    expect(problemsOf({ mode, strict_config: "false" })).toEqual([
      `mode: found "${mode}", which is not in this version; expected one of ${MODES.join(", ")}`,
    ]);
  });

  test.for(["inproc", "afterburn"])("mode=%s, which never will be", (mode, { expect }) => {
    expect(problemsOf({ mode })).toEqual([
      expect.stringContaining("does not have and will not have"),
    ]);
  });

  test("an unknown mode names the known ones", ({ expect }) => {
    expect(problemsOf({ mode: "stream" })).toEqual([
      `mode: found "stream", expected one of ${MODES.join(", ")} (not in this version: forkserver)`,
    ]);
  });
});

test("what an image sets for of-watchdog's other modes is ignored", ({ expect }) => {
  const others = {
    upstream_url: "http://127.0.0.1:5000",
    http_upstream_url: "http://127.0.0.1:5000",
    static_path: "/home/app/public",
    http_buffer_req_body: "true",
    buffer_http: "maybe",
  };
  for (const mode of ["", "streaming"]) {
    expect(read({ mode, ...others })).toEqual(read({ mode }));
  }
});

describe("names", () => {
  test("an unknown BREEZE_* name is a warning", ({ expect }) => {
    expect(read({ BREEZE_MODE: "streaming" }).warnings).toEqual([
      "BREEZE_MODE: there is no variable of this name",
    ]);
  });

  test("those that the watchdog sets itself, and everybody else's, are none", ({ expect }) => {
    const others = {
      BREEZE_SPAWNER_FD: "3",
      BREEZE_SESSION: "x",
      BREEZE_EMPTY: "",
      LANG: "C",
      EXEC_TIMEOUT: "x",
    };
    expect(read(others).warnings).toEqual([]);
  });
});

test("one error names every bad variable, what was found and what was expected", ({ expect }) => {
  const environment = {
    mode: "serializing",
    port: "http",
    exec_timeout: "5 s",
    log_format: "xml",
    prefork: "4",
    content_type: "\x1b[2J\xc3\xa9",
    max_body: "x".repeat(500),
  };
  try {
    readWatchdogConfig(environment);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(BreezeError);
    expect(error).toMatchObject({ code: "CONFIG_INVALID", exitCode: 78 });
    expect((error as Error).message).toBe(`The configuration cannot be used, 7 variables:
  fprocess: is not set, expected a program and its arguments, such as fprocess="wc -l"
  port: found "http", expected a port, 0 to 65535
  exec_timeout: found "5 s", expected a duration such as 30s, 1m30s or 100ms, a number of seconds, or 0
  content_type: found "\\u001b[2Jé", expected text without control characters
  max_body: found "${"x".repeat(60)}...", expected a size such as 1048576, 10MB or 1GiB, or 0 for no limit
  log_format: found "xml", expected one of json, text
  prefork: found "4", which is not in this version: unset it`);
  }
});
