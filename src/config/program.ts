import { accessSync, constants, statSync } from "node:fs";
import { BreezeError } from "../core/errors.ts";
import { quote } from "./problems.ts";

/** What is at a path: `notExecutable` where there is a file, or a folder, that cannot be run. */
export type ProgramFile = "executable" | "notExecutable" | "missing";

/**
 * Throws `PROGRAM_NOT_FOUND` where the command's program is not there, so that a start fails and not each request.
 * It is looked for as it will be at each start of a process: a name with `/` as it is, else in the folders of PATH.
 */
export function checkProgram(
  command: readonly string[],
  searchPath: string | undefined,
  look: (path: string) => ProgramFile = lookAtFile,
): void {
  const [name = ""] = command;
  const candidates = name.includes("/") ? [name] : pathCandidates(name, searchPath ?? "");
  const found = candidates.map(look);
  if (found.includes("executable")) return;
  const blocked = candidates[found.indexOf("notExecutable")];
  const reason =
    blocked !== undefined
      ? `${quote(blocked)} cannot be executed`
      : name.includes("/")
        ? "there is no such file"
        : `it is in no folder of PATH=${searchPath ?? ""}`;
  throw new BreezeError(
    "PROGRAM_NOT_FOUND",
    `The function's program ${quote(name)} cannot be run: ${reason}.`,
  );
}

function pathCandidates(name: string, searchPath: string): readonly string[] {
  if (name === "" || searchPath === "") return [];
  return searchPath.split(":").map((folder) => `${folder === "" ? "." : folder}/${name}`);
}

/** Paths are latin1: one character is one byte. */
function lookAtFile(path: string): ProgramFile {
  const bytes = Buffer.from(path, "latin1");
  try {
    if (!statSync(bytes).isFile()) return "notExecutable";
    accessSync(bytes, constants.X_OK);
    return "executable";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EACCES" ? "notExecutable" : "missing";
  }
}
