import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { checkProgram, type ProgramFile } from "../../../src/config/program.ts";

/** A file system that holds these alone. */
const holding =
  (files: Readonly<Record<string, ProgramFile>>) =>
  (path: string): ProgramFile =>
    files[path] ?? "missing";

describe("the program of a command", () => {
  test("is looked for in each folder of PATH", ({ expect }) => {
    const look = holding({ "/usr/bin/wc": "executable" });
    expect(() => checkProgram(["wc", "-l"], "/bin:/usr/bin", look)).not.toThrow();
  });

  test("is looked for behind a file that cannot be executed", ({ expect }) => {
    const look = holding({ "/a/wc": "notExecutable", "/b/wc": "executable" });
    expect(() => checkProgram(["wc"], "/a:/b", look)).not.toThrow();
  });

  test("with a slash is looked for there alone", ({ expect }) => {
    const look = holding({ "/bin/./fn": "executable", "./fn": "executable" });
    expect(() => checkProgram(["./fn"], "/bin", look)).not.toThrow();
    expect(() => checkProgram(["bin/fn"], "/bin", look)).toThrow(
      `The function's program "bin/fn" cannot be run: there is no such file.`,
    );
  });

  test("that is nowhere is named, and so is the PATH that was searched", ({ expect }) => {
    for (const path of ["/bin:/usr/bin", "", undefined]) {
      expect(() => checkProgram(["nope"], path, holding({}))).toThrow(
        expect.objectContaining({
          code: "PROGRAM_NOT_FOUND",
          exitCode: 1,
          message: `The function's program "nope" cannot be run: it is in no folder of PATH=${path ?? ""}.`,
        }),
      );
    }
  });

  test("that is there and cannot be executed is told from one that is not there", ({ expect }) => {
    expect(() => checkProgram(["fn"], "/a:/b", holding({ "/b/fn": "notExecutable" }))).toThrow(
      `"/b/fn" cannot be executed`,
    );
  });

  test("without a name is none", ({ expect }) => {
    expect(() => checkProgram(["", "cat"], "/bin", () => "executable")).toThrow(
      `program "" cannot be run`,
    );
  });
});

test("files, folders and names of any bytes are told apart in a real file system", ({ expect }) => {
  const folder = mkdtempSync(join(tmpdir(), "program-"));
  try {
    mkdirSync(join(folder, "folder"));
    writeFileSync(join(folder, "data"), "");
    writeFileSync(Buffer.from(`${folder}/\xff`, "latin1"), "");
    chmodSync(Buffer.from(`${folder}/\xff`, "latin1"), 0o755);
    expect(() => checkProgram(["\xff"], folder)).not.toThrow();
    expect(() => checkProgram(["folder"], folder)).toThrow("cannot be executed");
    expect(() => checkProgram(["data"], folder)).toThrow("cannot be executed");
    expect(() => checkProgram(["data/x"], folder)).toThrow("there is no such file");
    expect(() => checkProgram(["other"], folder)).toThrow("it is in no folder");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
