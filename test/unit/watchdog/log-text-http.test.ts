import { describe, test } from "vitest";
import { createTextLog } from "../../../src/watchdog/log-text.ts";
import type { InvocationRecord } from "../../../src/watchdog/telemetry.ts";
import { CollectedLines } from "../../support/collected-lines.ts";
import { invocation } from "../../support/invocation.ts";
import { read } from "../config/reading.ts";

function say(record: Partial<InvocationRecord>): string {
  const { config } = read({ mode: "http", upstream_url: "http://x:1", log_format: "text" });
  const lines = new CollectedLines();
  createTextLog(config, lines).access(invocation({ reason: "OK", ...record }));
  return lines.text.replace(/^\S+ \S+ /gm, "");
}

describe("of-watchdog's lines where the function serves HTTP", () => {
  test("say the words beside the status", ({ expect }) => {
    expect(say({})).toBe("POST /a/b?q=1 - 200 OK - ContentLength: 11B (0.0012s)\n");
  });

  test("say before a failure's access line what went wrong", ({ expect }) => {
    const failed = say({ outcome: "upstream-failed", detail: "it hung up" });
    expect(failed).toMatch(/^Upstream HTTP request error: it hung up\nPOST /);
    expect(say({ outcome: "timeout" })).toMatch(/^Upstream HTTP killed due to exec_timeout\nPOST /);
  });
});
