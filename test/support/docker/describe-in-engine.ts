import { describe, inject } from "vitest";
import { createDocker, type Docker } from "./docker.ts";

/** A suite in the tests' engine. Where there can be none it is skipped, and its name says why. */
export function describeInEngine(name: string, body: (docker: Docker) => void): void {
  const engine = inject("engine");
  if ("missing" in engine)
    describe.skip(`${name} (${engine.missing})`, () => body(createDocker("")));
  else describe(name, () => body(createDocker(engine.host)));
}
