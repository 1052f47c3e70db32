import { join } from "node:path";
import { test } from "vitest";
import { createLocalProvider } from "../../../src/provider/local/create-local-provider.ts";
import { specOf } from "../../support/function-spec.ts";
import { createDataFolder, RunningGateway } from "../../support/run-gateway.ts";
import { LOCAL_OPTIONS } from "../../support/start-local-provider.ts";
import { findOnce, isOver, submit } from "./async/queued.ts";

interface Warning {
  readonly msg: string;
  readonly function: string;
  readonly problems: readonly string[];
}

test("annotations of functions that are stored already, and cannot be used, are a warning each, and the functions go on", async ({
  expect,
}) => {
  const dataFolder = createDataFolder();
  const [folder, machine] = [join(dataFolder, "local"), process.env];
  {
    await using provider = await createLocalProvider({
      ...LOCAL_OPTIONS,
      folder,
      machine,
      warn() {},
    });
    const bad = { "com.openfaas.retry.attempts": "often", "breeze.path": "/system" };
    await provider.deploy(specOf("bad", { annotations: bad }));
    for (const name of ["first", "second"]) {
      await provider.deploy(specOf(name, { annotations: { "breeze.path": "/shop" } }));
    }
  }
  const gateway = await RunningGateway.start(dataFolder);
  const warnings = gateway.stderr
    .split("\n")
    .filter((line) => line.includes("annotations that cannot be used"))
    .map((line) => JSON.parse(line) as Warning);
  expect(warnings.map((warning) => [warning.function, warning.problems]).sort()).toEqual([
    [
      "bad.openfaas-fn",
      [
        expect.stringMatching(/^com\.openfaas\.retry\.attempts: found "often", expected/),
        expect.stringMatching(/^breeze\.path: found "\/system", expected/),
      ],
    ],
    ["second.openfaas-fn", ["/shop belongs to the function first.openfaas-fn already"]],
  ]);
  for (const name of ["bad", "first", "second"])
    expect(await submit(gateway, name, name)).toBe(202);
  for (const name of ["bad", "first", "second"]) {
    expect(await findOnce(gateway, name, isOver)).toMatchObject({ state: "completed" });
  }
  expect(await (await gateway.ask("/system/functions")).json()).toHaveLength(3);
});
