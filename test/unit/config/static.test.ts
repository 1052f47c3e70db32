import { describe, test } from "vitest";
import { readWatchdogConfig } from "../../../src/config/read.ts";
import { problemsOf, read } from "./reading.ts";

describe("mode=static", () => {
  test("needs no program, and has of-watchdog's folder", ({ expect }) => {
    const { config, warnings } = readWatchdogConfig({ mode: "static" });
    expect(config.command).toEqual([]);
    expect(config.static).toEqual({
      path: "/home/app/public",
      spa: false,
      listing: false,
      cacheControl: "no-cache",
      immutable: undefined,
    });
    expect(warnings).toEqual([]);
  });

  test("ignores what is said of a program, as an image for several modes says it", ({ expect }) => {
    const { config } = read({
      mode: "static",
      fprocess: ' "x"',
      exec_timeout: "bad",
      daemons: "?",
    });
    expect(config).toEqual(readWatchdogConfig({ mode: "static" }).config);
  });

  test("reads its variables", ({ expect }) => {
    const variables = {
      static_path: "/srv/\xe9",
      static_spa: "1",
      static_listing: "true",
      static_cache_control: "public, max-age=60",
      static_immutable: "/assets/",
    };
    expect(read({ mode: "static", ...variables }).config.static).toEqual({
      path: "/srv/\xe9",
      spa: true,
      listing: true,
      cacheControl: "public, max-age=60",
      immutable: "/assets/",
    });
    for (const mode of ["", "streaming"])
      expect(read({ mode, ...variables })).toEqual(read({ mode }));
  });

  test("refuses what cannot be", ({ expect }) => {
    const variables = {
      static_spa: "yes",
      static_cache_control: "no-cache\r\nX: y",
      static_immutable: "assets/",
    };
    expect(problemsOf({ mode: "static", strict_config: "false", ...variables })).toEqual([
      'static_spa: found "yes", expected true or false',
      expect.stringContaining("static_cache_control: found"),
      'static_immutable: found "assets/", expected a path that begins with / and has no blanks',
    ]);
  });
});
