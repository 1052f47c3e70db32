import { describe, test } from "vitest";
import { problemsOf, read } from "./reading.ts";

describe("booleans", () => {
  test.for(["cgi_headers", "combine_output"])(
    "%s=false wins over its default",
    (name, { expect }) => {
      const { cgiHeaders, combineOutput } = read({ [name]: "false" }).config;
      expect(name === "cgi_headers" ? cgiHeaders : combineOutput).toBe(false);
    },
  );

  test.for<[string, boolean]>([
    ["true", true],
    ["false", false],
    ["0", false],
    ["", false],
  ])("write_debug and suppress_lock are read alike: %j", ([text, value], { expect }) => {
    const { config, warnings } = read({ write_debug: text, suppress_lock: text });
    expect([config.writeDebug, config.suppressLock]).toEqual([value, value]);
    expect(warnings).toEqual([]);
  });

  test("1 is false in classic, as in classic-watchdog, and that is said", ({ expect }) => {
    const { config, warnings } = read({ cgi_headers: "1", suppress_lock: "1" });
    expect([config.cgiHeaders, config.suppressLock]).toEqual([false, false]);
    expect(warnings).toEqual([
      expect.stringMatching(/^cgi_headers=1 means false in mode classic/),
      expect.stringMatching(/^suppress_lock=1 means false in mode classic/),
    ]);
  });

  test("1 is true in the modes of of-watchdog", ({ expect }) => {
    const { config, warnings } = read({
      mode: "streaming",
      suppress_lock: "1",
      combine_output: "1",
    });
    expect([config.suppressLock, config.combineOutput, warnings]).toEqual([true, true, []]);
  });

  test("1 is true in every mode for the variables that classic-watchdog never had", ({
    expect,
  }) => {
    const { config, warnings } = read({
      server_timing: "1",
      prefix_logs: "1",
      cancel_on_disconnect: "1",
    });
    expect([config.serverTiming, config.prefixLogs, config.cancelOnDisconnect, warnings]).toEqual([
      true,
      true,
      true,
      [],
    ]);
  });

  test.for(["yes", "True", "TRUE", "on", "t", " true", "2"])(
    "anything else is an error: %s",
    (text, { expect }) => {
      for (const mode of ["", "streaming"]) {
        expect(problemsOf({ mode, suppress_lock: text })).toEqual([
          `suppress_lock: found "${text}", expected true or false`,
        ]);
      }
    },
  );

  test.for<[string, boolean]>([
    ["1", true],
    ["t", true],
    ["T", true],
    ["true", true],
    ["TRUE", true],
    ["True", true],
    ["0", false],
    ["f", false],
    ["F", false],
    ["false", false],
    ["FALSE", false],
    ["False", false],
  ])(
    "prefix_logs and log_callid take what Go's ParseBool takes: %s",
    ([text, value], { expect }) => {
      const { config } = read({ prefix_logs: text, log_callid: text });
      expect([config.prefixLogs, config.logCallId]).toEqual([value, value]);
    },
  );

  test("prefix_logs=maybe is an error", ({ expect }) => {
    expect(problemsOf({ prefix_logs: "maybe" })).toHaveLength(1);
  });
});

describe("G28: log_callid and log_call_id", () => {
  test.for<[Record<string, string>, boolean]>([
    [{ log_callid: "true" }, true],
    [{ log_call_id: "true" }, true],
    [{ log_call_id: "1", log_callid: "" }, true],
    [{ log_call_id: "true", log_callid: "false" }, false],
    [{ log_call_id: "false", log_callid: "true" }, true],
  ])("%j", ([variables, value], { expect }) => {
    expect(read(variables).config.logCallId).toBe(value);
  });
});

describe("numbers and sizes", () => {
  test.for<[string, number]>([
    ["10", 10],
    ["+10", 10],
    ["0", 0],
    ["-1", 0],
    ["", 0],
  ])("max_inflight=%s", ([text, value], { expect }) => {
    expect(read({ max_inflight: text }).config.maxInflight).toBe(value);
  });

  test.for(["ten", "1.5", "1e3", "10 ", "99999999999999999999"])(
    "max_inflight=%s is an error",
    (text, { expect }) => {
      expect(problemsOf({ max_inflight: text })).toHaveLength(1);
    },
  );

  test.for<[string, number]>([
    ["1024", 1024],
    ["-1", 0],
    ["0", 0],
    ["", 65_536],
  ])(
    "log_buffer_size=%s: lines are logged in pieces of %d bytes, 0 for whole",
    ([text, value], { expect }) => {
      expect(read({ log_buffer_size: text }).config.logBufferBytes).toBe(value);
    },
  );

  test("max_body and max_output are sizes, and 0 is no limit", ({ expect }) => {
    const limits = (variables: Record<string, string>) => {
      const { maxBodyBytes, maxOutputBytes } = read(variables).config;
      return [maxBodyBytes, maxOutputBytes];
    };
    expect(limits({ max_body: "10MB", max_output: "1MiB" })).toEqual([10_000_000, 1_048_576]);
    expect(limits({ max_body: "0", max_output: "0" })).toEqual([undefined, undefined]);
    expect(limits({ mode: "streaming", max_output: "64Ki" })).toEqual([undefined, 65_536]);
    expect(problemsOf({ max_body: "10M", max_output: "-1" })).toHaveLength(2);
  });
});
