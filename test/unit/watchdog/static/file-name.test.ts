import { describe, test } from "vitest";
import { decodePath } from "../../../../src/http/target.ts";
import { toFileName } from "../../../../src/watchdog/static/file-name.ts";
import { PLAIN_HEAD } from "../../../support/plain-head.ts";

const fileNameOf = (path: string) =>
  toFileName({ ...PLAIN_HEAD, path, decodedPath: decodePath(path) as string });

describe("a path", () => {
  test.for([
    ["/", ""],
    ["/a", "a"],
    ["/a/", "a/"],
    ["/a/b.c/d-e_f", "a/b.c/d-e_f"],
    ["/a%20b", "a b"],
    ["/a%2520b", "a%20b"],
    ["/%c3%a9", "\xc3\xa9"],
    ["/a..b/c...", "a..b/c..."],
    ["/.well-known/acme-challenge/x", ".well-known/acme-challenge/x"],
    ["/%2ewell-known/x", ".well-known/x"],
  ] as const)("%s is the name %j", ([path, name], { expect }) => {
    expect(fileNameOf(path)).toBe(name);
  });

  test.for([
    "/..",
    "/../etc/passwd",
    "/a/..",
    "/%2e%2e/etc/passwd",
    "/%2E%2e",
    "/.%2e/x",
    "/a/%2e%2e/%2e%2e/etc/passwd",
    "/%2e/a",
    "/..%2fetc/passwd",
    "/..%2Fetc%2Fpasswd",
    "/a%2fb",
    "/%2fetc/passwd",
    "/..%5c..%5cetc%5cpasswd",
    "/..\\etc\\passwd",
    "/a\\b",
    "/.git/config",
    "/.env",
    "/%2eenv",
    "/a/.htpasswd",
    "/.well-known/.hidden",
    "/a/.well-known/x",
    "/.well-knownx",
  ])("%s is no name (T28)", (path, { expect }) => {
    expect(fileNameOf(path)).toBeUndefined();
  });
});
