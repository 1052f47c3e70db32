import { describe, test } from "vitest";
import { readWatchdogConfig } from "../../../src/config/read.ts";
import { createTextLog, humanSize } from "../../../src/watchdog/log-text.ts";
import type { InvocationRecord } from "../../../src/watchdog/telemetry.ts";
import { CollectedLines } from "../../support/collected-lines.ts";
import { invocation } from "../../support/invocation.ts";

const TIME = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /gm;

function start(variables: Readonly<Record<string, string>> = {}) {
  const sink = new CollectedLines();
  const { config } = readWatchdogConfig({ fprocess: "cat -n", log_format: "text", ...variables });
  return { sink, log: createTextLog(config, sink), said: () => sink.text.replace(TIME, "") };
}

test("each line begins with the local time as Go's log prints it", ({ expect }) => {
  const { sink, log } = start();
  const before = Math.floor(Date.now() / 1000) * 1000;
  log.message("info", "Listening on port: 8080");
  expect(sink.text).toMatch(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d Listening on port: 8080\n$/);
  const [, year, month, day, hour, minute, second] =
    /^(\d+)\/(\d+)\/(\d+) (\d+):(\d+):(\d+)/.exec(sink.text)?.map(Number) ?? [];
  const said = new Date(year ?? 0, (month ?? 0) - 1, day, hour, minute, second).getTime();
  expect(said).toBeGreaterThanOrEqual(before);
  expect(said).toBeLessThanOrEqual(Date.now());
});

test("the fields of a message follow it", ({ expect }) => {
  const { log, said } = start();
  log.message("warn", "careful", { error: new Error("no such thing"), count: 3, none: undefined });
  expect(said()).toBe("careful error=no such thing count=3\n");
});

describe("classic's lines", () => {
  test("are `Forking fprocess.` and what was written in which time", ({ expect }) => {
    const { log, said } = start();
    log.processStarting();
    log.processEnded("exited");
    log.access(invocation({ bytes: 5 }));
    expect(said()).toBe("Forking fprocess.\nWrote 5 Bytes - Duration: 0.001234s\n");
  });

  test("say only the duration with write_debug", ({ expect }) => {
    const { log, said } = start({ write_debug: "true" });
    log.access(invocation());
    expect(said()).toBe("Duration: 0.001234s\n");
  });

  test("say nothing of a failure", ({ expect }) => {
    const { log, said } = start();
    log.access(invocation({ outcome: "exit", status: 500, detail: "3" }));
    expect(said()).toBe("");
  });

  test("say nothing of an answer that its client did not take", ({ expect }) => {
    const { log, said } = start();
    log.access(invocation({ outcome: "ok", status: 499 }));
    expect(said()).toBe("");
  });

  test("name the program that is killed at its deadline", ({ expect }) => {
    const { log, said } = start();
    log.processEnded("timedOut");
    expect(said()).toBe("Killing process: cat -n\n");
  });

  test("of stderr are counted where they are dropped", ({ expect }) => {
    const { sink, log } = start({ combine_output: "false" });
    sink.isCrowded = true;
    for (const text of ["one\ntwo", "one\ntwo\n", "\n"]) {
      const lines = log.functionLog("stderr");
      lines.write(Buffer.from(text));
      lines.end();
    }
    expect(sink.dropped).toBe(5);
  });

  test("of stderr, with combine_output=false, are one call for all of it", ({ expect }) => {
    const { log, said } = start({ combine_output: "false" });
    const lines = log.functionLog("stderr");
    lines.write(Buffer.from("one\ntwo"));
    expect(said()).toBe("");
    lines.end();
    expect(said()).toBe("stderr: one\ntwo\n");
  });
});

describe("of-watchdog's lines", () => {
  const accessLine = (record: Partial<InvocationRecord>, variables = {}) => {
    const { log, said } = start({ mode: "streaming", ...variables });
    log.processStarting();
    log.access(invocation(record));
    return said();
  };

  test("are one for each request: method, target, status, size and seconds", ({ expect }) => {
    expect(accessLine({})).toBe("POST /a/b?q=1 - 200 - ContentLength: 11B (0.0012s)\n");
  });

  test("end in the call id with log_callid, or in `none`", ({ expect }) => {
    const line = "POST /a/b?q=1 - 200 - ContentLength: 11B (0.0012s)";
    expect(accessLine({ callId: "c-1" }, { log_callid: "1" })).toBe(`${line} [c-1]\n`);
    expect(accessLine({}, { log_callid: "1" })).toBe(`${line} [none]\n`);
  });

  test("leave out the probes of Kubernetes", ({ expect }) => {
    expect(accessLine({ userAgent: "kube-probe/1.30" })).toBe("");
  });

  test("say before a failure's access line what went wrong", ({ expect }) => {
    const line = "POST /a/b?q=1 - 500 - ContentLength: 11B (0.0012s)\n";
    expect(accessLine({ status: 500, outcome: "exit", detail: "3" })).toBe(
      `exit status 3\n${line}`,
    );
    expect(accessLine({ status: 500, outcome: "signal", detail: "killed" })).toBe(
      `signal: killed\n${line}`,
    );
    expect(accessLine({ status: 500, outcome: "timeout" })).toBe(`signal: killed\n${line}`);
    expect(
      accessLine({
        status: 500,
        outcome: "spawn-failed",
        detail: "permission denied",
        bill: undefined,
      }),
    ).toBe(`permission denied\n${line}`);
  });

  test("say nothing but that where no process was started", ({ expect }) => {
    const line = "POST /a/b?q=1 - 499 - ContentLength: 11B (0.0012s)\n";
    expect(accessLine({ status: 499, outcome: "aborted", bill: undefined })).toBe(line);
    expect(accessLine({ status: 499, outcome: "refused", bill: undefined })).toBe(line);
  });

  test("are single ones, whatever the client put into its path (T47)", ({ expect }) => {
    const line = accessLine({ target: "/\r\n2026/11/21 10:00:00 forged\u001b[2J\u009b\u2028" });
    expect(line).toBe(
      "POST /\\x0d\\x0a2026/11/21 10:00:00 forged\\x1b[2J\\x9b\\u2028 - 200 - ContentLength: 11B (0.0012s)\n",
    );
  });

  test("of the function have its stream before each, CRLF or not", ({ expect }) => {
    const { log, said } = start({ mode: "serializing" });
    const lines = log.functionLog("stderr");
    lines.write(Buffer.from("one\r\ntw"));
    expect(said()).toBe("stderr: one\n");
    lines.write(Buffer.from("o"));
    lines.end();
    expect(said()).toBe("stderr: one\nstderr: two\n");
  });

  test("of the function each have it where many come at once, and keep their bytes", ({
    expect,
  }) => {
    const { sink, log } = start({ mode: "serializing" });
    log.functionLog("stderr").write(Buffer.from("\r\na\xff\r\r\n\n$&\n".repeat(100), "latin1"));
    expect(sink.lines).toBe(400);
    const four = ["", "a\xff\r", "", "$&"].map((line) => `stderr: ${line}\n`).join("");
    expect(sink.bytes.toString("latin1").replace(TIME, "")).toBe(four.repeat(100));
  });

  test("of the function are verbatim with prefix_logs=false, bytes that are not UTF-8 too", ({
    expect,
  }) => {
    const { sink, log } = start({ mode: "streaming", prefix_logs: "false" });
    log.functionLog("stderr").write(Buffer.from([0x1b, 0xff, 0xe4, 0x0a]));
    expect(sink.bytes).toEqual(Buffer.from([0x1b, 0xff, 0xe4, 0x0a]));
  });

  test("of the function are dropped and counted while much is held for a reader who does not read (T14)", ({
    expect,
  }) => {
    const { sink, log } = start({ mode: "streaming" });
    sink.isCrowded = true;
    log.functionLog("stderr").write(Buffer.from("1\n2\n3"));
    expect(sink.text).toBe("");
    expect(sink.dropped).toBe(2);
  });

  test("of the function come in pieces where they are longer than log_buffer_size (G11)", ({
    expect,
  }) => {
    const { log, said } = start({ mode: "streaming", log_buffer_size: "1024" });
    log.functionLog("stderr").write(Buffer.from(`${"x".repeat(1500)}\n`));
    expect(said()).toBe(`stderr: ${"x".repeat(1024)}\nstderr: ${"x".repeat(476)}\n`);
  });
});

test.for([
  [0, "0B"],
  [11, "11B"],
  [999, "999B"],
  [1000, "1kB"],
  [13_010, "13.01kB"],
  [1_500_000, "1.5MB"],
  [123_456_789, "123.5MB"],
  [2_000_000_000, "2GB"],
] as const)("%d bytes are %s, as in theirs", ([bytes, text], { expect }) => {
  expect(humanSize(bytes)).toBe(text);
});
