import { describe, test } from "vitest";
import { problemsOf, read } from "./reading.ts";

describe("strict_config=false takes bad values as the Go watchdogs do, and says so", () => {
  test.for<[Record<string, string>, Record<string, unknown>]>([
    [{ read_timeout: "abc" }, { readTimeoutMs: 30_000 }],
    [{ write_timeout: "-5" }, { writeTimeoutMs: 30_000 }],
    [{ write_timeout: "-5s" }, { writeTimeoutMs: 0 }],
    [{ exec_timeout: "abc" }, { execTimeoutMs: 0 }],
    [{ exec_timeout: "abc", mode: "streaming" }, { execTimeoutMs: 30_000 }],
    [{ exec_timeout: "-1s", mode: "streaming" }, { execTimeoutMs: 0 }],
    [{ healthcheck_interval: "abc" }, { drainGraceMs: 5_000 }],
    [{ healthcheck_interval: "-1s" }, { drainGraceMs: 0 }],
    [{ port: "abc" }, { port: 8080 }],
    [{ max_inflight: "many" }, { maxInflight: 0 }],
    [{ log_buffer_size: "big" }, { logBufferBytes: 65_536 }],
    [{ cgi_headers: "yes" }, { cgiHeaders: false }],
    [{ combine_output: "TRUE" }, { combineOutput: false }],
    [{ suppress_lock: "yes", mode: "serializing" }, { suppressLock: false }],
    [{ prefix_logs: "maybe" }, { prefixLogs: true }],
    [{ log_callid: "maybe" }, { logCallId: false }],
  ])("%j", ([variables, expected], { expect }) => {
    const { config, warnings, strict } = read({ ...variables, strict_config: "false" });
    expect(config).toMatchObject(expected);
    expect(strict).toBe(false);
    expect(warnings).toEqual([expect.stringMatching(/^\w+: found ".*", expected .*: not used$/)]);
    expect(problemsOf(variables)).toHaveLength(1);
  });

  test.for<Record<string, string>>([
    { max_body: "x" },
    { term_grace: "x" },
    { shutdown_timeout: "-1s" },
    { metrics_port: "x" },
    { metrics_port: "8080" },
    { log_format: "x" },
    { fprocess: "" },
    { mode: "x" },
  ])("but not what they never took: %j", (variables, { expect }) => {
    expect(problemsOf({ ...variables, strict_config: "false" })).toHaveLength(1);
  });

  test("a strict_config that cannot be read is an error", ({ expect }) => {
    expect(problemsOf({ strict_config: "no" })).toEqual([
      'strict_config: found "no", expected true or false',
    ]);
  });
});
