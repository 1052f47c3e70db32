import { accessSync, constants, statSync } from "node:fs";
import { BreezeError } from "../core/errors.ts";
import { quote } from "./problems.ts";

/** Throws `FOLDER_NOT_FOUND` where the folder that is to be served (latin1) is none, so that a start fails and not each request. */
export function checkFolder(path: string): void {
  const bytes = Buffer.from(path, "latin1");
  try {
    if (!statSync(bytes).isDirectory()) throw new Error("it is no folder");
    accessSync(bytes, constants.R_OK | constants.X_OK);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    throw new BreezeError(
      "FOLDER_NOT_FOUND",
      `The folder static_path=${quote(path)} cannot be served: ${REASONS[reason] ?? reason}.`,
      { cause },
    );
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "it is no folder",
  EACCES: "it may not be read",
};
