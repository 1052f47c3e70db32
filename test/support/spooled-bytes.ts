import { readdirSync, readlinkSync, statSync } from "node:fs";

/** Of the files without a name that this process has open in a folder. */
export function spooledBytes(folder: string): number {
  let bytes = 0;
  for (const descriptor of readdirSync("/proc/self/fd")) {
    const path = `/proc/self/fd/${descriptor}`;
    try {
      if (readlinkSync(path).startsWith(folder)) bytes += statSync(path).size;
    } catch {
      // Closed meanwhile.
    }
  }
  return bytes;
}
