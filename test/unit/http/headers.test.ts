import { test } from "vitest";
import { canonicalHeaderName, countHeader } from "../../../src/http/headers.ts";

test("a canonical name has capitals at its beginning and behind hyphens, and no others", ({
  expect,
}) => {
  const names = {
    "content-type": "Content-Type",
    "X-ETag-ID": "X-Etag-Id",
    x_under_score: "X_under_score",
    "X.dot!": "X.dot!",
    ContentLength: "Contentlength",
    "-a--b-": "-A--B-",
    a: "A",
  };
  for (const [name, canonical] of Object.entries(names)) {
    expect(canonicalHeaderName(name)).toBe(canonical);
  }
});

test("headers are counted in any case", ({ expect }) => {
  expect(countHeader(["Host", "a", "hOST", "b", "Hosts", "c", "x", "host"], "host")).toBe(2);
});
