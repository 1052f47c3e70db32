import { describe, test } from "vitest";
import { createProcesses } from "../../src/process/spawn.ts";
import { DEFAULT_OPTIONS } from "../contract/processes/subject.ts";
import { fixture } from "../support/fixture.ts";
import { startRecorded } from "../support/recorded-run.ts";

const throwing = (message: string) => {
  throw new Error(message);
};

async function createWith(path: string) {
  const warnings: string[] = [];
  const events = {
    onLost: throwing,
    onSignal: throwing,
    onWarning: (message: string) => warnings.push(message),
  };
  const processes = await createProcesses(DEFAULT_OPTIONS, events, { path });
  return { processes, warnings };
}

describe("choosing how processes are started", () => {
  const cases = [
    ["is not there", "/no/such/spawner", "the spawner is not built"],
    ["is no program", "/etc/passwd", "the spawner cannot be started: spawn /etc/passwd EACCES"],
    ["ends at once", fixture("says-nothing"), "the spawner cannot be started: exit code 0"],
  ] as const;
  for (const [what, path, reason] of cases) {
    test(`a spawner that ${what}: the fallback serves, and one warning says why, what is lacking, and what helps`, async ({
      expect,
    }) => {
      const { processes, warnings } = await createWith(path);
      expect(processes.name).toBe("child_process");
      expect(warnings.length).toBe(1);
      expect(warnings[0]).toContain(reason);
      expect(warnings[0]).toContain("CPU time and peak memory");
      expect(warnings[0]).toContain("npm run prepare");
      const recorded = startRecorded(processes, { body: Buffer.from("served") });
      await recorded.gone();
      expect(recorded.output).toBe("served");
      await processes.close();
    });
  }
});
