import { copyFileSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Exchange } from "./client.ts";

/** A program that is away for some milliseconds now and then. */
export interface VanishingProgram extends Disposable {
  readonly path: string;
  /** From now on it is away now and then: a watchdog looks for it once before it starts. */
  begin(): void;
  /** Whether it was away, or had just been, at any moment since. */
  wasAwaySince(moment: number): boolean;
}

const awayMs = 30;
/** A shell that was started just before opens its script only now. */
const lateMs = 200;

export function createVanishingProgram(original: string, intervalMs: number): VanishingProgram {
  const folder = mkdtempSync(join(tmpdir(), "breeze-soak-"));
  const path = join(folder, "program");
  const hidden = join(folder, "hidden");
  copyFileSync(original, path);
  let isAway = false;
  let backSince = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  function hide() {
    renameSync(path, hidden);
    isAway = true;
    timer = setTimeout(show, awayMs);
  }
  function show() {
    renameSync(hidden, path);
    isAway = false;
    backSince = performance.now();
    timer = setTimeout(hide, intervalMs);
  }
  return {
    path,
    begin() {
      timer = setTimeout(hide, intervalMs);
    },
    wasAwaySince: (moment) => isAway || moment <= backSince + lateMs,
    [Symbol.dispose]() {
      clearTimeout(timer);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether the answer says that there was no program: the start failed, or the shell found no script. */
export function saysNoProgram({ status, body }: Exchange): boolean {
  const text = body.toString("latin1", 0, 200);
  return status === 500 && /no such file or directory|^exit status (2|126|127)|^$/.test(text);
}
