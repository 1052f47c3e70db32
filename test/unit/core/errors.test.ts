import { test } from "vitest";
import { BreezeError, ERROR_CODES } from "../../../src/core/errors.ts";

test("a configuration that cannot be used exits with 78, a command line with 2, everything else with 1", ({
  expect,
}) => {
  for (const [code, { exitCode }] of Object.entries(ERROR_CODES)) {
    const own: Record<string, number> = { CONFIG_INVALID: 78, USAGE: 2 };
    expect(exitCode, code).toBe(own[code] ?? 1);
  }
});

test("an error carries its code, its cause and each thing that is wrong", ({ expect }) => {
  const cause = new Error("EADDRINUSE");
  const error = new BreezeError("LISTEN_FAILED", "port 8080 is busy", { cause, details: ["8080"] });
  expect(error).toMatchObject({ code: "LISTEN_FAILED", exitCode: 1, cause, details: ["8080"] });
  expect(String(error)).toBe("BreezeError: port 8080 is busy");
});

test("an error without a cause has none", ({ expect }) => {
  expect("cause" in new BreezeError("LOCK_NOT_WRITABLE", "read-only")).toBe(false);
});
