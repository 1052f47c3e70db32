import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { formatListing, toReference } from "../../../../src/watchdog/static/listing.ts";
import { createTemporaryFolder } from "../../../support/temporary-folder.ts";

describe("the listing of a folder", () => {
  test("links to files and folders by name, in their order, and to nothing that is not served", ({
    expect,
  }) => {
    using folder = createTemporaryFolder();
    for (const name of ["b.txt", "Z", ".hidden"]) writeFileSync(join(folder.path, name), "");
    for (const name of ["a", ".git"]) mkdirSync(join(folder.path, name));
    symlinkSync("b.txt", join(folder.path, "link"));
    execFileSync("mkfifo", [join(folder.path, "fifo")]);
    const page = formatListing(readdirSync(folder.path, { withFileTypes: true }));
    expect(page.match(/<a .*<\/a>/g)).toEqual([
      '<a href="Z">Z</a>',
      '<a href="a/">a/</a>',
      '<a href="b.txt">b.txt</a>',
      '<a href="link">link</a>',
    ]);
  });

  test("shows hostile names as text, and links to them as they are (T28)", ({ expect }) => {
    using folder = createTemporaryFolder();
    const name = `"><img src=x onerror='alert(1)'>&amp;`;
    writeFileSync(join(folder.path, name), "");
    const page = formatListing(readdirSync(folder.path, { withFileTypes: true }));
    const [, href = "", text] = /<a href="([^"]*)">(.*)<\/a>/.exec(page) ?? [];
    expect(page).not.toContain("<img");
    expect(text).toBe("&#34;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;amp;");
    expect(decodeURIComponent(href)).toBe(name);
  });

  test("keeps the bytes of a name", ({ expect }) => {
    using folder = createTemporaryFolder();
    writeFileSync(Buffer.from(`${folder.path}/\xff\xc3\xa9`, "latin1"), "");
    const entries = readdirSync(folder.path, { encoding: "latin1", withFileTypes: true });
    expect(formatListing(entries)).toContain('<a href="%FF%C3%A9">\xff\xc3\xa9</a>');
  });
});

test.for([
  ["a b/", "a%20b/"],
  ["100%", "100%25"],
  ["a?b#c", "a%3Fb%23c"],
  ["javascript:alert(1)", "./javascript:alert(1)"],
  ["a\\b", "a%5Cb"],
] as const)("the name %j is referred to as %s", ([name, reference], { expect }) => {
  expect(toReference(name)).toBe(reference);
});
