// The cases of of-watchdog's own tests of single functions, and what is different by design.
import { describe, test } from "vitest";
import { readWatchdogConfig } from "../../../src/config/read.ts";
import { readCallerTimeout } from "../../../src/watchdog/deadline.ts";
import { createTextLog } from "../../../src/watchdog/log-text.ts";
import { CollectedLines } from "../../support/collected-lines.ts";

describe("of-watchdog's own cases of X-Timeout (http_runner_test)", () => {
  test.for<[string, string, number, number]>([
    ["lower than the default wins", "10s", 20_000, 10_000],
    ["higher than the default is the default", "21s", 20_000, 20_000],
    ["where there is no default is none", "10s", 0, 0],
  ])("one %s", ([, text, execTimeoutMs, expected], { expect }) => {
    const timeoutMs = readCallerTimeout({ "x-timeout": text }, execTimeoutMs) ?? execTimeoutMs;
    expect(timeoutMs).toBe(expected);
  });
});

describe("of-watchdog's own cases of function logs (logging_test)", () => {
  const LONG = `${"Lorem ipsum dolor sit amet, ".repeat(16).trimEnd()}.`;
  const SHORT = "Sed ut perspiciatis unde omnis iste natus.";

  /** What is logged of it, without prefixes. */
  function logged(input: string, bufferBytes: number): string {
    const sink = new CollectedLines();
    const { config } = readWatchdogConfig({
      fprocess: "cat",
      mode: "streaming",
      log_format: "text",
      prefix_logs: "false",
      log_buffer_size: String(bufferBytes),
    });
    const log = createTextLog(config, sink).functionLog("stderr");
    log.write(Buffer.from(input));
    log.end();
    return sink.text;
  }

  test("a line longer than the buffer, of which nothing is logged there, is passed on in pieces (G11)", ({
    expect,
  }) => {
    const pieces = logged(LONG, 32).split("\n").slice(0, -1);
    expect(pieces.join("")).toBe(LONG);
    expect(pieces.slice(0, -1).every(({ length }) => length === 32)).toBe(true);
    expect(pieces.length).toBe(Math.ceil(LONG.length / 32));
  });

  test("a line that is exactly as long as the buffer is passed on as it is", ({ expect }) => {
    expect(logged(`${LONG}\n`, LONG.length)).toBe(`${LONG}\n`);
    expect(logged(`${LONG}\n`, LONG.length + 1)).toBe(`${LONG}\n`);
  });

  test("several lines no longer than the buffer are passed on verbatim", ({ expect }) => {
    const lines = `${LONG}\n${SHORT}\n`;
    expect(logged(lines, LONG.length + 1)).toBe(lines);
  });
});
