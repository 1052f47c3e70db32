import { type SpawnOptions, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";
import type { Environment } from "../../src/process/environment.ts";
import { shell } from "../contract/processes/subject.ts";

const program = fileURLToPath(new URL("../support/prints-environment.ts", import.meta.url));

async function readIn(command: readonly string[], options: SpawnOptions): Promise<Environment> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"], ...options });
  if (child.stdout === null) throw new Error("there is no stdout to read");
  return JSON.parse(await text(child.stdout));
}

describe("the environment", () => {
  test("is read as bytes, also where they are no UTF-8", async ({ expect }) => {
    const script = 'RAW="$(printf "a=\\377\\376")" exec "$0" "$1"';
    const command = [...shell(script), process.execPath, program];
    const { strings, variables } = await readIn(command, { env: { TEXT: "grüße" } });
    expect(strings).toContain("RAW=a=\xff\xfe");
    expect(variables).toMatchObject({ RAW: "a=\xff\xfe", TEXT: "gr\xc3\xbc\xc3\x9fe" });
  });

  test("has nothing of the channel that Node itself was given", async ({ expect }) => {
    const { strings, spawnerDescriptor } = await readIn([process.execPath, program], {
      env: { ONLY: "1" },
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    });
    expect(strings).toEqual(["ONLY=1"]);
    expect(spawnerDescriptor).toBeUndefined();
  });
});
