import { describe, test } from "vitest";
import { parseExitCodes } from "../../../src/config/exit-codes.ts";
import { problemsOf, read } from "./reading.ts";

describe("exit_codes", () => {
  test("is a JSON object of codes and statuses", ({ expect }) => {
    const { exitCodes } = read({ exit_codes: '{"3":404,"255":200,"1":599}' }).config.answerHead;
    expect([...exitCodes]).toEqual([
      [1, 599],
      [3, 404],
      [255, 200],
    ]);
    expect(read({}).config.answerHead.exitCodes.size).toBe(0);
  });

  const bad = [
    "3=404",
    "[404]",
    "null",
    '"3"',
    '{"0":200}',
    '{"256":404}',
    '{"03":404}',
    '{"-1":404}',
    '{"3":"404"}',
    '{"3":199}',
    '{"3":600}',
    '{"3":404.5}',
    '{"3":null}',
    '{"__proto__":404}',
  ];
  test.for(bad)("%s stops the start, and says what was found and expected", (text, { expect }) => {
    expect(parseExitCodes(text)).toBeUndefined();
    expect(problemsOf({ exit_codes: text })).toEqual([
      `exit_codes: found ${JSON.stringify(text)}, expected a JSON object of exit codes, 1 to 255, and their statuses, 200 to 599, such as {"3":404}`,
    ]);
  });
});

describe("control_fd", () => {
  test("is 3, or not used", ({ expect }) => {
    expect(read({ control_fd: "3" }).config.answerHead.controlDescriptor).toBe(true);
    expect(read({ control_fd: "" }).config.answerHead.controlDescriptor).toBe(false);
    for (const text of ["4", "true", "03"]) {
      expect(problemsOf({ control_fd: text })).toEqual([
        `control_fd: found "${text}", expected one of 3`,
      ]);
    }
  });
});
