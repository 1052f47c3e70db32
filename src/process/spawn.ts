import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { BreezeError } from "../core/errors.ts";
import { createChildProcesses } from "./fallback/processes.ts";
import { describeLacks } from "./lacks.ts";
import type { Processes, ProcessesEvents, ProcessesOptions } from "./run.ts";
import { adoptSpawner } from "./spawner/adopt.ts";
import { SpawnerClient } from "./spawner/client.ts";
import type { SpawnerConnection } from "./spawner/connection.ts";
import { encodeConfig } from "./spawner/frames.ts";
import { launchSpawner } from "./spawner/launch.ts";

/** Where the spawner is. */
export interface SpawnerPlace {
  /** In the image, where it has started Node: its control socket, as `readEnvironment` found it. */
  readonly descriptor?: number | undefined;
  /** Elsewhere: its file. @defaultValue what `npm run prepare` builds. */
  readonly path?: string | undefined;
}

/** The size of a pipe that Node reads or writes itself. Twice the kernel's own saves a quarter of Node's time; more saves no more. */
const PASSED_PIPE_BYTES = 128 * 1024;

const WAY_OUT = '"npm run prepare" builds it, with a C compiler';

/** Makes the processes of one function: through the spawner, or, where there is none, through `child_process`. */
export async function createProcesses(
  settings: ProcessesOptions,
  events: ProcessesEvents,
  spawner: SpawnerPlace = {},
): Promise<Processes> {
  if (spawner.descriptor !== undefined) {
    return createSpawnedProcesses(adoptSpawner(spawner.descriptor), settings, events);
  }
  // Where nothing is ever run there is nothing to lack.
  if (settings.command.length === 0) return createChildProcesses(settings);
  const launched = await tryToLaunch(spawner.path);
  if (typeof launched !== "string") {
    return createSpawnedProcesses(launched, settings, events);
  }
  const processes = createChildProcesses(settings);
  events.onWarning(
    `${launched}: processes are started through child_process, slower and without: ${describeLacks(processes.lacks)}`,
  );
  return processes;
}

function createSpawnedProcesses(
  connection: SpawnerConnection,
  settings: ProcessesOptions,
  events: ProcessesEvents,
): Processes {
  // Unlike any other watchdog's on this machine, before or after.
  const marker = `BREEZE_SESSION=${process.pid.toString(16)}x${Date.now().toString(16)}`;
  const client = new SpawnerClient(connection, marker, events);
  // In the image it is there, as PID 1, even where nothing is ever run.
  const command = settings.command.length === 0 ? [""] : settings.command;
  connection.send(encodeConfig({ ...settings, command }, marker, PASSED_PIPE_BYTES));
  return client;
}

/** The text says why there is no spawner, and what helps. */
async function tryToLaunch(given: string | undefined): Promise<SpawnerConnection | string> {
  if (process.platform !== "linux") {
    return "the spawner needs Linux";
  }
  const path = given ?? findSpawner(import.meta.dirname);
  if (path === undefined || !existsSync(path)) {
    return `the spawner is not built (${WAY_OUT})`;
  }
  try {
    return await launchSpawner(path);
  } catch (error) {
    if (error instanceof BreezeError) {
      throw error;
    }
    return `the spawner cannot be started: ${(error as Error).message} (${WAY_OUT})`;
  }
}

/** Up from this file, be it source or bundle, to the folder that has what was built. */
function findSpawner(folder: string): string | undefined {
  const path = join(folder, "dist", "spawner", `linux-${process.arch}`, "spawner");
  if (existsSync(path)) {
    return path;
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : findSpawner(parent);
}
