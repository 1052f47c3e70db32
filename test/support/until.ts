import { setTimeout as delay } from "node:timers/promises";

/** Looks again and again until `holds` answers true; fails with what was waited for, told then. */
export async function until(
  what: string | (() => string),
  holds: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > end) {
      const awaited = typeof what === "string" ? what : what();
      throw new Error(`waited ${limitMs} ms in vain: ${awaited}`);
    }
    await delay(10);
  }
}
