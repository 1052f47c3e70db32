import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, onTestFinished, test } from "vitest";
import { createGatewayLog, type GatewayLog } from "../../../src/gateway/log.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";

/** The lines of a log into a file, once it is closed. */
async function linesOf(format: "json" | "text", say: (log: GatewayLog) => void): Promise<string[]> {
  const folder = createTemporaryFolder();
  const path = join(folder.path, "log");
  const descriptor = openSync(path, "w");
  onTestFinished(() => {
    closeSync(descriptor);
    folder[Symbol.dispose]();
  });
  const log = createGatewayLog(format, descriptor);
  say(log);
  await log[Symbol.asyncDispose]();
  return readFileSync(path, "utf8").trimEnd().split("\n");
}

describe("the gateway's log", () => {
  test("in JSON is one object a line, with level, message, fields and the stack of an error", async ({
    expect,
  }) => {
    const lines = await linesOf("json", (log) => {
      log.info("scaled", { from: 1, to: 2 });
      log.warn("odd\nlabels");
      log.error("it failed", { error: new Error("why") });
    });
    const [info, warn, error] = lines.map((line) => JSON.parse(line));
    expect(lines).toHaveLength(3);
    expect(info).toMatchObject({ level: "info", msg: "scaled", from: 1, to: 2 });
    expect(warn).toMatchObject({ level: "warn", msg: "odd\nlabels" });
    expect(error).toMatchObject({ level: "error", msg: "it failed" });
    expect(JSON.stringify(error)).toMatch(/why.*at /);
  });

  test("T47: in text is one line each, whatever others have said in it", async ({ expect }) => {
    const lines = await linesOf("text", (log) => {
      log.info("started", { port: 8080, nothing: undefined });
      log.warn("first\r\nERROR second");
      log.error("it failed", { error: new Error("why"), name: 'a"b\u001b[31m\n' });
    });
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d started port=8080$/);
    expect(lines[1]).toMatch(/WARN first ERROR second$/);
    expect(lines[2]).toMatch(/ERROR it failed error="Error: why\\n +at /);
    expect(lines.join("")).not.toContain("\u001b");
  });

  test("drops nothing that is read, and writes what is there when it is told to flush", async ({
    expect,
  }) => {
    const lines = await linesOf("json", (log) => {
      for (let count = 0; count < 100; count++) log.info(`line ${count}`);
      log.flush();
      expect(log.dropped).toBe(0);
    });
    expect(lines).toHaveLength(100);
  });
});
