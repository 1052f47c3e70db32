// The cases of the Go watchdogs' own configuration tests that no other file here holds as they stand there, and those that
// have another answer by design. The rest are in defaults, values, text-values, command, upstream and static.
import { describe, test } from "vitest";
import { readWatchdogConfig } from "../../../src/config/read.ts";
import { problemsOf, read } from "./reading.ts";

/** of-watchdog's own default, which is not ours. */
const OF = { mode: "streaming" };

describe("classic-watchdog's own cases (readconfig_test)", () => {
  test.for<[Record<string, string>, object]>([
    [{}, { readTimeoutMs: 30_000, writeTimeoutMs: 30_000, port: 8080, metricsPort: 8081 }],
    [{ port: "8081", metrics_port: "0" }, { port: 8081 }],
    [
      { read_timeout: "10", write_timeout: "60" },
      { readTimeoutMs: 10_000, writeTimeoutMs: 60_000 },
    ],
    [
      { read_timeout: "20s", write_timeout: "1m30s" },
      { readTimeoutMs: 20_000, writeTimeoutMs: 90_000 },
    ],
    [{ exec_timeout: "3s" }, { execTimeoutMs: 3_000 }],
    [{ suppress_lock: "true" }, { suppressLock: true }],
    [{ content_type: "application/json" }, { contentType: "application/json" }],
  ])("%j is read as there", ([variables, expected], { expect }) => {
    expect(read(variables).config).toMatchObject(expected);
  });

  test("port=8081 alone, which they take and then die of, is an error: metrics are there (G29)", ({
    expect,
  }) => {
    expect(problemsOf({ port: "8081" })).toEqual([
      expect.stringMatching(/^metrics_port: found "8081", which is the port of requests too/),
    ]);
  });

  test("the metrics port, always 8081 there, is only the default here (G29)", ({ expect }) => {
    expect(read({ metrics_port: "8082" }).config.metricsPort).toBe(8082);
  });
});

describe("of-watchdog's own cases (config_test)", () => {
  test.for<[Record<string, string>, object]>([
    [{}, { port: 8080, logBufferBytes: 65_536, contentType: "application/octet-stream" }],
    [{ port: "8081", metrics_port: "0" }, { port: 8081 }],
    [{ log_buffer_size: "1024" }, { logBufferBytes: 1_024 }],
    [{ content_type: "application/json" }, { contentType: "application/json" }],
    [{ fprocess: "env" }, { command: ["env"] }],
    [{ fprocess: "", function_process: "env" }, { command: ["env"] }],
  ])("%j is read as there", ([variables, expected], { expect }) => {
    expect(read({ ...OF, ...variables }).config).toMatchObject(expected);
  });

  test.for<[string, string[]]>([
    ["node", ["node"]],
    ["node index.js", ["node", "index.js"]],
    ["node index.js --this-is-a-flag=1234", ["node", "index.js", "--this-is-a-flag=1234"]],
    ["node --this-is-a-flag", ["node", "--this-is-a-flag"]],
  ])("fprocess=%j is split into program and arguments", ([fprocess, command], { expect }) => {
    expect(read({ ...OF, fprocess }).config.command).toEqual(command);
  });

  test.for<[Record<string, string>, number[]]>([
    [{}, [30_000, 30_000, 30_000]],
    [{ read_timeout: "5s" }, [5_000, 30_000, 30_000]],
    [{ write_timeout: "5s" }, [30_000, 5_000, 30_000]],
    [{ exec_timeout: "5s" }, [30_000, 30_000, 5_000]],
  ])("%j: read, write and exec timeout are set alone", ([variables, timeouts], { expect }) => {
    const { readTimeoutMs, writeTimeoutMs, execTimeoutMs } = read({ ...OF, ...variables }).config;
    expect([readTimeoutMs, writeTimeoutMs, execTimeoutMs]).toEqual(timeouts);
  });

  test.for<[string | undefined, number]>([
    ["10", 10_000],
    ["10s", 10_000],
    ["", 30_000],
    ["0", 0],
    [undefined, 30_000],
  ])("a timeout of %j is %d ms", ([exec_timeout, milliseconds], { expect }) => {
    expect(read({ ...OF, exec_timeout }).config.execTimeoutMs).toBe(milliseconds);
  });

  test.for(["this is bad", "this is not good"])(
    "a timeout of %j, which is the default there, is an error, and the default with strict_config=false",
    (exec_timeout, { expect }) => {
      expect(problemsOf({ ...OF, exec_timeout })).toHaveLength(1);
      const { config } = read({ ...OF, exec_timeout, strict_config: "false" });
      expect(config.execTimeoutMs).toBe(30_000);
    },
  );

  test.for(["upstream_url", "http_upstream_url"])(
    "%s alone is the upstream's URL",
    (name, { expect }) => {
      const { upstream } = read({ mode: "http", [name]: "http://127.0.0.1:8082" }).config;
      expect(upstream?.address).toMatchObject({ host: "127.0.0.1", port: 8082 });
      expect(upstream?.buffersBody).toBe(false);
    },
  );
});

describe("of-watchdog's modes (config_test)", () => {
  test("static is one, and needs no program", ({ expect }) => {
    expect(readWatchdogConfig({ mode: "static" }).config.mode).toBe("static");
  });

  test("none is classic, not streaming: one program stands for both watchdogs", ({ expect }) => {
    expect(read({}).config.mode).toBe("classic");
  });

  test.for(["afterburn", "inproc"])("%s, which they read, stops the start", (mode, { expect }) => {
    const problem = `mode: found "${mode}", which`;
    for (const strict_config of ["true", "false"]) {
      expect(problemsOf({ mode, fprocess: "", strict_config })).toContainEqual(
        expect.stringContaining(problem),
      );
    }
  });
});
