import { test } from "vitest";
import { parseFunctionName } from "../../../../src/gateway/invoke/function-name.ts";

const parse = (text: string) => parseFunctionName(text, new Set(["fn", "dev"]), "fn");

test("a name is split at its last dot, and only where a namespace is behind that", ({ expect }) => {
  expect(parse("func_echoit")).toEqual({ name: "func_echoit", namespace: "fn" });
  expect(parse("echo.dev")).toEqual({ name: "echo", namespace: "dev" });
  expect(parse("echo.v1.dev")).toEqual({ name: "echo.v1", namespace: "dev" });
  expect(parse("echo.dev.v1")).toEqual({ name: "echo.dev.v1", namespace: "fn" });
});

test("T29: what could be a path is no name", ({ expect }) => {
  const names = ["", ".dev", "a..b", "..", "a/b", "a%2fb", "-a", "_a", "a b", "ä", "a".repeat(129)];
  for (const name of names) expect([name, parse(name)]).toEqual([name, undefined]);
  expect(parse("a".repeat(128))).toBeDefined();
});
