import { describe, test } from "vitest";
import { problemsOf, read } from "./reading.ts";

describe("words and text", () => {
  test("each choice is taken, and any other word names them all", ({ expect }) => {
    const chosen = read({ daemons: "keep", compat: "openfaas", log_format: "text" }).config;
    expect(chosen).toMatchObject({ daemons: "keep", compat: "openfaas", logFormat: "text" });
    expect(problemsOf({ daemons: "Keep", compat: "of", log_format: "logfmt" })).toEqual([
      'compat: found "of", expected one of none, openfaas',
      'daemons: found "Keep", expected one of kill, keep',
      'log_format: found "logfmt", expected one of json, text',
    ]);
  });

  test("content_type is kept verbatim, bytes included", ({ expect }) => {
    expect(read({ content_type: "text/html; charset=utf-8" }).config.contentType).toBe(
      "text/html; charset=utf-8",
    );
    expect(read({ content_type: "text/\xe9" }).config.contentType).toBe("text/\xe9");
  });

  test("an empty content_type is an unset one in classic, and an empty header in of-watchdog's modes", ({
    expect,
  }) => {
    expect(read({ content_type: "" }).config.contentType).toBeUndefined();
    expect(read({ content_type: "", mode: "streaming" }).config.contentType).toBe("");
  });

  test("content_type cannot end its header", ({ expect }) => {
    expect(problemsOf({ content_type: "text/plain\r\nx: y" })).toEqual([
      'content_type: found "text/plain\\r\\nx: y", expected text without control characters',
    ]);
  });

  test("ready_path is a path", ({ expect }) => {
    expect(read({ ready_path: "/_/probe?x=1" }).config.readyPath).toBe("/_/probe?x=1");
    expect(problemsOf({ ready_path: "probe" })).toHaveLength(1);
    expect(problemsOf({ ready_path: "/a b" })).toHaveLength(1);
  });

  test("the lock file is in TMPDIR", ({ expect }) => {
    expect(read({ TMPDIR: "/run/fn" }).config.temporaryDirectory).toBe("/run/fn");
    expect(read({ TMPDIR: "" }).config.temporaryDirectory).toBe("/tmp");
  });

  test("variables of classic alone are ignored in other modes, also where their values are bad", ({
    expect,
  }) => {
    const { config } = read({
      mode: "streaming",
      marshal_request: "yes",
      write_debug: "true",
      debug_headers: "true",
    });
    expect(config).toMatchObject({ marshalRequest: false, writeDebug: false, debugHeaders: false });
  });
});
