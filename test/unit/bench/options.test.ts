import { describe, test } from "vitest";
import { parseBenchOptions } from "../../../bench/options.ts";

describe("the bench's options", () => {
  const parse = (...args: string[]) => parseBenchOptions(args, ["node", "watchdog"]);

  test("peers are named and have a path", ({ expect }) => {
    expect(parse("--peer", "classic=/bin/sh", "--peer", "of=/bin/../bin/sh").peers).toEqual({
      classic: "/bin/sh",
      of: "/bin/../bin/sh",
    });
    expect(() => parse("--peer", "/a")).toThrow("expected classic=PATH, of=PATH or gateway=PATH");
  });

  test("a peer that cannot be run is refused before minutes go by without it", ({ expect }) => {
    expect(() => parse("--peer", "of=/no=such")).toThrow("/no=such cannot be run");
    expect(() => parse("--peer", "of=/etc/passwd")).toThrow("/etc/passwd cannot be run");
  });

  test("cases are chosen by names behind commas, or by several options", ({ expect }) => {
    expect(parse("--only", "cat,health", "--only", "idle").only).toEqual(["cat", "health", "idle"]);
  });

  test("another watchdog is a command", ({ expect }) => {
    expect(parse().ours).toEqual(["node", "watchdog"]);
    expect(parse("--ours", "dist/fwatchdog --flag").ours).toEqual(["dist/fwatchdog", "--flag"]);
  });

  test.for(["0", "-1", "1.5", "many"])("%s rounds are refused", (rounds, { expect }) => {
    expect(() => parse(`--rounds=${rounds}`)).toThrow("expected 1 or more");
  });
});
