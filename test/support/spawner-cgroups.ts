import { existsSync } from "node:fs";
import { noGroupsReason, type TestGroup } from "./cgroups.ts";
import { type DriverOptions, SpawnerDriver, spawnerPath } from "./spawner-driver.ts";
import { CGROUPS, type ConfigFields, WARNING } from "./spawner-frames.ts";
import { SHELL } from "./spawner-suite.ts";

/** Why runs in control groups cannot be tested here. */
export const noCgroupsReason: string | undefined =
  noGroupsReason() ??
  (existsSync(spawnerPath()) || process.env.CI ? undefined : "the spawner is not built");

/** A script that leaves a process without session, group or marker behind, and says its pid on stderr. */
export const ESCAPE = "env -i setsid sh -c 'echo $$ >&2; exec sleep 60 >/dev/null 2>&1' &";

/** A spawner that was started in this group. */
export function startIn(
  group: TestGroup,
  fields: Partial<ConfigFields> = {},
  options: DriverOptions = {},
): SpawnerDriver {
  const driver = new SpawnerDriver({ command: [...group.enter, spawnerPath()], ...options });
  driver.configure({ ...SHELL, flags: CGROUPS, ...fields });
  return driver;
}

export const warnings = (driver: SpawnerDriver): string[] =>
  driver.frames.filter(({ type }) => type === WARNING).map(({ payload }) => payload.toString());
