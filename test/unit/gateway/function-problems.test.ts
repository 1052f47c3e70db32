import { describe, test } from "vitest";
import { findFunctionProblems, ProblemWatch } from "../../../src/gateway/function-problems.ts";
import type { FunctionState } from "../../../src/provider/provider.ts";
import { specOf } from "../../support/function-spec.ts";

const OWN = { names: [], functionDomain: undefined };

const stateOf = (annotations: Record<string, string>): FunctionState => ({
  ...specOf("echo", { annotations }),
  replicas: 1,
  availableReplicas: 1,
  createdAt: new Date(0),
});

describe("annotations that cannot be used", () => {
  test("are all named, each with its value and what was expected", ({ expect }) => {
    const problems = findFunctionProblems(
      {
        "com.openfaas.timeout": "soon",
        "com.openfaas.retry.attempts": "0",
        "breeze.path": "/system",
        "breeze.auth": "none",
        topic: "anything",
      },
      OWN,
    );
    expect(problems).toEqual([
      expect.stringMatching(/^breeze\.auth: expected/),
      expect.stringMatching(/^com\.openfaas\.timeout: found "soon", expected a duration/),
      expect.stringMatching(/^com\.openfaas\.retry\.attempts: found "0", expected/),
      expect.stringMatching(/^breeze\.path: found "\/system", expected/),
    ]);
  });

  test("T33: are also those whose names are misspelt, and none that a provider has noted", ({
    expect,
  }) => {
    const noted = { "breeze.image": "not-used", "com.example.breeze.x": "y" };
    expect(findFunctionProblems(noted, OWN)).toEqual([]);
    expect(findFunctionProblems({ "breeze.auht": "jwt" }, OWN)).toEqual([
      expect.stringMatching(/^breeze\.auht: found "jwt", expected one of .*breeze\.auth, /),
    ]);
  });

  test("of a stored function are told of once, and again when they are others", ({ expect }) => {
    const told: unknown[] = [];
    const watch = new ProblemWatch(OWN, ({ name }, problems) => told.push([name, problems.length]));
    const bad = { "com.openfaas.timeout": "soon" };
    for (const annotations of [{}, bad, bad, { ...bad, "breeze.path": "x" }, {}, bad]) {
      watch.see(stateOf(annotations));
    }
    expect(told).toEqual([
      ["echo", 1],
      ["echo", 2],
      ["echo", 1],
    ]);
  });
});
