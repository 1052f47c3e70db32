import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createTemporaryFolder } from "./temporary-folder.ts";

/** A function that echoes its body; where the request names a gate, not before that is open. */
export const GATED = {
  fprocess: `sh -c 'until test -z "$Http_X_Gate" -o -e "$Http_X_Gate"; do sleep 0.05; done; cat'`,
  fprocess_shell_words: "true",
};

export interface Gate {
  /** The line that has a request wait for it. */
  readonly header: string;
  open(): void;
}

export function createGate(): Gate {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  const path = join(folder.path, "gate");
  return { header: `X-Gate: ${path}\r\n`, open: () => writeFileSync(path, "") };
}
