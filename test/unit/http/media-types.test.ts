import { test } from "vitest";
import { mediaTypeOf } from "../../../src/http/media-types.ts";

test("a type is found by the last extension, in any case", ({ expect }) => {
  expect(mediaTypeOf("a/INDEX.HTML")?.name).toBe("text/html; charset=utf-8");
  expect(mediaTypeOf("app.min.js")?.name).toBe("text/javascript; charset=utf-8");
  expect(mediaTypeOf("app.js.gz")).toEqual({ name: "application/gzip", isCompressible: false });
  expect(mediaTypeOf("logo.svg")).toEqual({ name: "image/svg+xml", isCompressible: true });
});

test("a name without an extension that is known has no type", ({ expect }) => {
  for (const name of ["", "LICENSE", "js", "a.unknown", "a.", "a.js/b", "constructor.__proto__"]) {
    expect(mediaTypeOf(name)).toBeUndefined();
  }
});
