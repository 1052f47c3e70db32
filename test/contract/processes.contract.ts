import { describe, test } from "vitest";
import { describeControl } from "./processes/control.ts";
import { describeEndings } from "./processes/endings.ts";
import { describeEnvironment } from "./processes/environment.ts";
import { describeInput } from "./processes/input.ts";
import { describeLeavings } from "./processes/leavings.ts";
import { describeLoad } from "./processes/load.ts";
import { describeOutcomes } from "./processes/outcomes.ts";
import { describeOutput } from "./processes/output.ts";
import type { Subject } from "./processes/subject.ts";

/** What every way of starting processes promises. A subject may lack what it declares, and nothing else. */
export function describeProcesses(subject: Subject): void {
  describe(`processes: ${subject.name}`, () => {
    test("it declares its name and what it lacks", async ({ expect }) => {
      await using processes = await subject.create();
      expect(processes.name).toBe(subject.name);
      expect([...processes.lacks].sort()).toEqual([...subject.lacks].sort());
    });
    describeOutcomes(subject);
    describeEnvironment(subject);
    describeInput(subject);
    describeOutput(subject);
    describeControl(subject);
    describeEndings(subject);
    describeLeavings(subject);
    describeLoad(subject);
  });
}
