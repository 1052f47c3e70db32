import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { gatewayEntries } from "../../../src/config/gateway/variables.ts";
import { formatHelp } from "../../../src/config/help.ts";
import { formatTable, replaceTable } from "../../../src/config/markdown.ts";
import { VARIABLES } from "../../../src/config/variables.ts";

const names = Object.keys(VARIABLES);

describe("--help", () => {
  test("names every variable once", ({ expect }) => {
    const named = [...formatHelp().matchAll(/^ {2}([A-Za-z]\S*)/gm)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(names.toSorted());
  });

  test("can be read at 100 columns and has no Markdown in it", ({ expect }) => {
    for (const line of formatHelp().split("\n")) {
      expect(line.length, line).toBeLessThanOrEqual(100);
      expect(line).toBe(line.trimEnd());
      expect(line).not.toContain("`");
    }
  });

  test("says what is so while a variable is unset, for each mode where they differ", ({
    expect,
  }) => {
    const help = formatHelp().replace(/\s+/g, " ");
    expect(help).toContain("Default: 0s; serializing, streaming, http, cgi: 30s.");
    expect(help).toContain("Default: all interfaces.");
  });
});

describe("the README's table", () => {
  const readme = readFileSync(join(import.meta.dirname, "../../../README.md"), "utf8");

  test("is the definition's: node .build/variables.mjs writes it", ({ expect }) => {
    expect(readme).toBe(replaceTable(readme));
  });

  test("names every variable, and no other", ({ expect }) => {
    const cells = formatTable()
      .split("\n")
      .slice(2)
      .map((line) => line.split("|")[1] ?? "");
    const named = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    expect(named.toSorted()).toEqual(names.toSorted());
  });

  test("names only variables that there are, wherever the README sets one", ({ expect }) => {
    const set = [...readme.matchAll(/`([a-z]+_[a-z_]+)=/g)].map(([, name]) => name);
    const known = new Set([...names, ...gatewayEntries.map(([name]) => name)]);
    expect(set.filter((name) => !known.has(name as string))).toEqual([]);
  });
});
