import { test } from "vitest";
import { parseCommandLine } from "../../../src/watchdog/command-line.ts";

test("flags have one hyphen or two, as Go's", ({ expect }) => {
  expect(parseCommandLine(["--version"])).toBe("version");
  expect(parseCommandLine(["-version"])).toBe("version");
  expect(parseCommandLine(["-run-healthcheck"])).toBe("run-healthcheck");
  expect(parseCommandLine(["-h"])).toBe("help");
});

test("a flag may say that it is true, as Go's may", ({ expect }) => {
  expect(parseCommandLine(["--version=true"])).toBe("version");
  expect(parseCommandLine(["-run-healthcheck=1"])).toBe("run-healthcheck");
});

test("a flag may say that it is false, and then the next one counts", ({ expect }) => {
  expect(parseCommandLine(["--version=false"])).toBe("serve");
  expect(parseCommandLine(["-version=0", "-run-healthcheck"])).toBe("run-healthcheck");
});

test("what is no flag is ignored", ({ expect }) => {
  for (const commandLine of [[], ["cat"], ["cat", "--version"], ["--"], ["-"]]) {
    expect(parseCommandLine(commandLine)).toBe("serve");
  }
});

test("a flag that nobody knows is named", ({ expect }) => {
  for (const flag of ["--port=80", "---version", "--version=no", "--version=", "-=true"]) {
    expect(parseCommandLine([flag])).toEqual({ unknownFlag: flag });
  }
});
