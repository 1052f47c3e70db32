import { BreezeError } from "../../core/errors.ts";
import { FolderInUse } from "../../core/folder-lock.ts";

/** For whoever set `data_dir`: which folder it is, and what is wrong with it. */
export function dataUnusable(dataDirectory: string, cause: unknown): BreezeError {
  if (cause instanceof BreezeError) return cause;
  const { message } = cause as Error;
  const isNamed = cause instanceof FolderInUse;
  const said = isNamed ? message : `data_dir ${dataDirectory} cannot be used: ${message}`;
  return new BreezeError("DATA_UNUSABLE", `${said}.`, { cause });
}
