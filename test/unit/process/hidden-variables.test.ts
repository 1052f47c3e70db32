import { describe, expect, test } from "vitest";
import { hideFromNode, reveal } from "../../../src/process/hidden-variables.ts";

const toStrings = (variables: Readonly<Record<string, string>>) =>
  Object.entries(variables).map((pair) => pair.join("="));

describe("variables of a function that would configure Node", () => {
  test("have other names in its watchdog's environment, and their own in the function's", () => {
    const variables = {
      NODE_OPTIONS: "--inspect",
      LD_PRELOAD: "/a=b.so",
      ICU_DATA: "/x",
      PATH: "/bin",
      NODE: "x",
      ICU_DATA_2: "y",
    };
    const hidden = hideFromNode(variables);
    expect(Object.keys(hidden)).toEqual([
      "BREEZE_FUNCTION_NODE_OPTIONS",
      "BREEZE_FUNCTION_LD_PRELOAD",
      "BREEZE_FUNCTION_ICU_DATA",
      "PATH",
      "NODE",
      "ICU_DATA_2",
    ]);
    expect(toStrings(hidden).map(reveal)).toEqual(toStrings(variables));
  });

  test.for(["BREEZE_FUNCTION_X=1", "BREEZE_FUNCTION_=1", "X=BREEZE_FUNCTION_NODE_A"])(
    "are no others: %s stays",
    (text) => {
      expect(reveal(text)).toBe(text);
    },
  );
});
