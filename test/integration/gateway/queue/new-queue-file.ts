import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createTemporaryFolder } from "../../../support/temporary-folder.ts";

/** A path, with nothing there, in a folder that is not there either. */
export function newQueueFile(): string {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  return join(folder.path, "data", "queue.db");
}
