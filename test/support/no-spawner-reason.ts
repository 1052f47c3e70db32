import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = fileURLToPath(
  new URL(`../../dist/spawner/linux-${process.arch}/spawner`, import.meta.url),
);

/** Why tests that need the spawner cannot run here. On CI there is no excuse: then they run, and fail. */
export const noSpawnerReason: string | undefined =
  existsSync(path) || process.env.CI === "true"
    ? undefined
    : 'the spawner is not built: "npm run prepare", with a C compiler';
