import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "vitest";
import { pageRoutes } from "../../../../src/gateway/ui/page-routes.ts";

const folder = fileURLToPath(new URL("../../../../src/gateway/ui/page", import.meta.url));
const files = readdirSync(folder);
const read = (name: string) => readFileSync(join(folder, name), "utf8");

test("T33: each file of the page has a row, which is for those who may read", ({ expect }) => {
  const rows = pageRoutes(folder).map(({ method, path, scope }) => `${scope} ${method} ${path}`);
  const paths = files.map((name) => `/ui/${name === "index.html" ? "" : name}`);
  const expected = ["open GET /ui", ...paths.map((path) => `read GET ${path}`)];
  expect(rows.toSorted()).toEqual(expected.toSorted());
});

test("a gateway without the files of its page does not start", ({ expect }) => {
  expect(() => pageRoutes("/nowhere")).toThrow("ENOENT");
});

test("the page is all here: it names no other place, and nothing in it has to be inline", ({
  expect,
}) => {
  for (const name of files) {
    const addresses = read(name).match(/\b(?:https?:)?\/\/[\w.-]+\.\w+[^\s"']*/g) ?? [];
    expect(addresses, name).toEqual(name === "icon.svg" ? ["http://www.w3.org/2000/svg"] : []);
  }
  expect(read("index.html")).not.toMatch(/<style|\son\w+=|\sstyle=|<script(?![^>]*src=)/i);
});
