import { setTimeout as delay } from "node:timers/promises";

/** Looks again and again until `holds` answers true; fails with what was waited for. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > end) {
      throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    }
    await delay(10);
  }
}
