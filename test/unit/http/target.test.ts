import fc from "fast-check";
import { describe, test } from "vitest";
import {
  cleanPath,
  decodePath,
  hasDotSegment,
  parseTarget,
  toLocation,
} from "../../../src/http/target.ts";

describe("parseTarget", () => {
  test("splits at the first question mark, and decodes nothing", ({ expect }) => {
    expect(parseTarget("/a%20b?c?d=%20")).toEqual({
      path: "/a%20b",
      query: "c?d=%20",
      authority: undefined,
    });
    expect(parseTarget("/a?")).toMatchObject({ path: "/a", query: "" });
  });

  test("takes host and port of an absolute target, without a user", ({ expect }) => {
    const target = { path: "/a", query: "b", authority: "host:1" };
    expect(parseTarget("http://user:word@host:1/a?b")).toEqual(target);
    expect(parseTarget("http://host")).toEqual({ path: "", query: "", authority: "host" });
    expect(parseTarget("http://host?b")).toEqual({ path: "", query: "b", authority: "host" });
  });

  test("knows no other form", ({ expect }) => {
    for (const target of ["", "a/b", "*", "://x", "host:80"]) {
      expect(parseTarget(target)).toBeUndefined();
    }
  });
});

describe("decodePath", () => {
  test("makes each escape one byte", ({ expect }) => {
    expect(decodePath("/a%20b%2Fc%ff")).toBe("/a b/c\xff");
    expect(decodePath("/plain")).toBe("/plain");
  });

  test("refuses what is no escape, and bytes that end a line or a variable", ({ expect }) => {
    for (const path of ["%", "%2", "%zz", "%2g", "%%20", "%00", "%0a", "%0D", "/a%20%"]) {
      expect([path, decodePath(path)]).toEqual([path, undefined]);
    }
  });

  test("gives back any bytes that were escaped", ({ expect }) => {
    const bytes = fc.uint8Array().filter((all) => ![0, 10, 13].some((byte) => all.includes(byte)));
    fc.assert(
      fc.property(bytes, (all) => {
        const escaped = [...all].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
        expect(decodePath(escaped)).toBe(Buffer.from(all).toString("latin1"));
      }),
    );
  });
});

describe("cleanPath", () => {
  test("leaves out empty and dotted segments, and keeps a slash at the end", ({ expect }) => {
    const paths = {
      "": "/",
      "/": "/",
      "/a/b": "/a/b",
      "/a/b/": "/a/b/",
      "//a///b//": "/a/b/",
      "/a/./b": "/a/b",
      "/a/../b": "/b",
      "/../../a": "/a",
      "/a/..": "/",
      "/a/../": "/",
      "/a/.": "/a",
      "/.well-known/x": "/.well-known/x",
      "/..a/b..": "/..a/b..",
      "/a%2F%2Fb": "/a%2F%2Fb",
    };
    for (const [path, cleaned] of Object.entries(paths)) {
      expect([path, cleanPath(path)]).toEqual([path, cleaned]);
    }
  });

  test("changes nothing any more the second time", ({ expect }) => {
    const paths = fc.array(fc.constantFrom("/", ".", "..", "a", "%2e")).map((all) => all.join(""));
    fc.assert(
      fc.property(paths, (path) => {
        const cleaned = cleanPath(`/${path}`);
        expect(cleanPath(cleaned)).toBe(cleaned);
      }),
    );
  });
});

test("a location names no other host and holds no markup", ({ expect }) => {
  expect(toLocation("/\\evil", 'a="<b>"')).toBe("/%5Cevil?a=%22%3Cb%3E%22");
  expect(toLocation("/a%20b", "")).toBe("/a%20b");
});

test("a dot segment is one, escaped or not, and dots in a name are none", ({ expect }) => {
  for (const path of ["/..", "/a/./b", "/a/..", "/%2e%2E/a", "/.%2e", "/a/%2e/"]) {
    expect([path, hasDotSegment(path)]).toEqual([path, true]);
  }
  for (const path of ["/", "/a..b", "/...", "/.a", "/a.", "/a%2f..%2fb", "/%2e%2ea"]) {
    expect([path, hasDotSegment(path)]).toEqual([path, false]);
  }
});
