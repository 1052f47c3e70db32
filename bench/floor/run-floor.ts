import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createCpuGroup } from "../server/cpu-group.ts";
import type { FloorOptions, FloorResult } from "./floor-loop.ts";

const loop = fileURLToPath(new URL("floor-loop.ts", import.meta.url));
let started = 0;

/** Measures the floor in a process of its own, kept apart as a server would be. */
export async function runFloor(
  options: FloorOptions & { readonly cpuGroups: boolean },
): Promise<FloorResult> {
  const name = `breeze-bench-${process.pid}-floor-${++started}`;
  const group = options.cpuGroups ? createCpuGroup(name) : undefined;
  const join = group ? ["sh", "-c", 'echo $$ >"$0" && exec "$@"', group.joinFile] : [];
  const [program = "", ...args] = [...join, process.execPath, loop, JSON.stringify(options)];
  try {
    const { stdout } = await promisify(execFile)(program, args);
    return JSON.parse(stdout) as FloorResult;
  } finally {
    await group?.remove();
  }
}
