import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";

const commands = [
  ["bench", "../../bench/main.ts"],
  ["soak", "../../bench/soak.ts"],
  ["fuzz", "../fuzz/main.ts"],
  ["chaos", "../chaos/main.ts"],
  ["conformance", "../conformance/main.ts"],
] as const;

describe("an option that a command does not know", () => {
  test.for(commands)(
    "%s names it, says which there are and exits with 2",
    ([name, path], { expect }) => {
      const main = fileURLToPath(new URL(path, import.meta.url));
      const { status, stderr } = spawnSync(process.execPath, [main, "--no-such"], {
        encoding: "utf8",
      });
      expect(status).toBe(2);
      expect(stderr).toMatch(/^Unknown option '--no-such'/);
      expect(stderr).toContain(`npm run ${name} -- `);
    },
  );
});
