import { existsSync } from "node:fs";
import { describe, type SuiteAPI } from "vitest";
import { SpawnerDriver, spawnerPath } from "./spawner-driver.ts";
import type { ConfigFields } from "./spawner-frames.ts";

/** Without a built spawner a laptop skips what tests it; CI fails. */
export const describeSpawner: SuiteAPI = (
  existsSync(spawnerPath()) || process.env.CI ? describe : describe.skip
) as SuiteAPI;

/** A program whose script is a variable of each run. */
export const SHELL: ConfigFields = { command: ["sh", "-c", 'eval "$SCRIPT"'] };

export const script = (text: string) => ({ environment: [`SCRIPT=${text}`] });

export function startShell(fields: Partial<ConfigFields> = {}): SpawnerDriver {
  const driver = new SpawnerDriver();
  driver.configure({ ...SHELL, ...fields });
  return driver;
}
