import { describe, test } from "vitest";
import { readWatchdogConfig } from "../../../src/config/read.ts";
import { problemsOf, read } from "./reading.ts";

const commandOf = (variables: Record<string, string>) => read(variables).config.command;

describe("fprocess", () => {
  test.for<[string, readonly string[]]>([
    ["node", ["node"]],
    ["node index.js", ["node", "index.js"]],
    ["node --max-old-space-size=64 index.js", ["node", "--max-old-space-size=64", "index.js"]],
    ["ls -l", ["ls", "-l"]],
    ["echo  two", ["echo", "", "two"]],
    ["echo ", ["echo", ""]],
    ["echo a\tb", ["echo", "a\tb"]],
    ["echo $HOME;*", ["echo", "$HOME;*"]],
    ["printf \xff\xfe", ["printf", "\xff\xfe"]],
  ])("%j is split at single spaces and nothing else", ([fprocess, command], { expect }) => {
    expect(commandOf({ fprocess })).toEqual(command);
  });

  test("quotes reach the program, which is said once it looks like a mistake", ({ expect }) => {
    const { config, warnings } = read({ fprocess: `sh -c "echo hi"` });
    expect(config.command).toEqual(["sh", "-c", '"echo', 'hi"']);
    expect(warnings).toEqual([
      expect.stringMatching(/^fprocess: quotes reach .* fprocess_shell_words=true/),
    ]);
    expect(read({ fprocess: `sh -c "echo hi"`, fprocess_shell_words: "false" }).warnings).toEqual(
      [],
    );
  });

  test("without one the error says what to set, with an example", ({ expect }) => {
    for (const fprocess of ["", undefined]) {
      expect(problemsOf({ fprocess })).toEqual([
        'fprocess: is not set, expected a program and its arguments, such as fprocess="wc -l"',
      ]);
    }
  });

  test("in upper case is no fprocess, and the error says so", ({ expect }) => {
    expect(() => readWatchdogConfig({ FPROCESS: "cat" })).toThrow("FPROCESS is set");
  });

  test("that begins with a space has no program", ({ expect }) => {
    expect(problemsOf({ fprocess: " cat" })).toEqual([
      'fprocess: found " cat", expected a program without a space before it',
    ]);
    const { config, warnings } = read({ fprocess: " cat", strict_config: "false" });
    expect([config.command, warnings.length]).toEqual([["", "cat"], 1]);
  });
});

describe("function_process", () => {
  test("wins over fprocess in of-watchdog's modes", ({ expect }) => {
    expect(commandOf({ mode: "streaming", function_process: "env", fprocess: "cat" })).toEqual([
      "env",
    ]);
    expect(commandOf({ mode: "serializing", function_process: "env", fprocess: "" })).toEqual([
      "env",
    ]);
  });

  test("gives way to fprocess where it is empty", ({ expect }) => {
    expect(commandOf({ mode: "streaming", function_process: "" })).toEqual(["cat"]);
  });

  test("means nothing in classic, and the error says where it does", ({ expect }) => {
    expect(commandOf({ function_process: "env" })).toEqual(["cat"]);
    expect(problemsOf({ function_process: "env", fprocess: "" })).toEqual([
      expect.stringContaining("function_process counts only where mode is set"),
    ]);
  });
});

describe("fprocess_shell_words=true", () => {
  test("keeps quoted arguments together", ({ expect }) => {
    const fprocess = `sh -c 'echo "$1"; exit 3'  "a \\"b\\" c" d\\ e ''`;
    expect(commandOf({ fprocess, fprocess_shell_words: "true" })).toEqual([
      "sh",
      "-c",
      'echo "$1"; exit 3',
      'a "b" c',
      "d e",
      "",
    ]);
  });

  test("reads function_process too", ({ expect }) => {
    const variables = {
      mode: "streaming",
      function_process: "echo 'a b'",
      fprocess_shell_words: "true",
    };
    expect(commandOf(variables)).toEqual(["echo", "a b"]);
  });

  test.for([`echo "open`, "echo 'open", "echo \\", `  `, "''"])(
    "%j is an error",
    (fprocess, { expect }) => {
      expect(problemsOf({ fprocess, fprocess_shell_words: "true" })).toEqual([
        expect.stringMatching(/^fprocess: found/),
      ]);
    },
  );
});
