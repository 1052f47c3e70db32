import { globSync, readFileSync } from "node:fs";
import { describe, test } from "vitest";

const root = new URL("../../", import.meta.url).pathname;
const read = (path: string): string => readFileSync(root + path, "utf8");

/** Of every test and suite: what stands in quotes behind `test(`, `describe(` and the like. */
const names = globSync("test/{unit,integration,e2e,contract}/**/*.ts", { cwd: root })
  .flatMap((path) => [
    ...read(path).matchAll(
      /\b(?:test|describe|describeInEngine)\b[^"'`]{0,80}(["'`])((?:(?!\1).)+)\1/g,
    ),
  ])
  .map(([, , name]) => name)
  .join("\n");

const numbersIn = (table: string): readonly string[] =>
  [...table.matchAll(/^\| ((?:[GPT]\d+(?:, )?)+) \|/gm)].flatMap(([, numbers = ""]) =>
    numbers.split(", "),
  );

describe.for([
  ["test/faults.md", 38],
  ["README.md", 43],
] as const)("every number in %s", ([path, count]) => {
  test("is carried by a test", ({ expect }) => {
    const numbers = numbersIn(read(path));
    expect(numbers).toHaveLength(count);
    expect(numbers.filter((number) => !new RegExp(`\\b${number}\\b`).test(names))).toEqual([]);
  });
});
