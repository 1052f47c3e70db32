import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import type { Endpoint, Provider } from "../../../src/provider/provider.ts";
import { ask, endpointOf, functionSpec } from "../../contract/provider/subject.ts";
import {
  LOCAL_OPTIONS,
  LOCAL_SUBJECT,
  startLocalProvider,
} from "../../support/start-local-provider.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";
import { until } from "../../support/until.ts";

const id = { name: "echo", namespace: "openfaas-fn" };

/** A watchdog as any other, but where it is told to say nothing for ever. */
const HANGING = `#!/bin/sh
[ -z "$hangs" ] || exec sleep 600
exec "$@"
`;

/** Of a replica that failed again and again, as the provider has it. */
const LONGEST_PAUSE_MS = 30_000;
/** So many that fail together, and the last of them are not tried again for as long. */
const MANY = 12;

describe("a function whose replicas could not start", () => {
  test("answers as soon as one can, though others wait out the longest pause", async ({
    expect,
  }) => {
    using parent = createTemporaryFolder();
    const image = join(parent.path, "image");
    mkdirSync(image);
    let failures = 0;
    const warn = () => void failures++;
    const provider = await startLocalProvider({ warn });
    await provider.deploy(functionSpec(LOCAL_SUBJECT, { image }));
    await provider.scale(id, 0);
    rmSync(image, { recursive: true });
    await provider.scale(id, MANY);
    await until("all have failed", () => failures >= MANY);
    mkdirSync(image);
    await provider.scale(id, MANY + 1);
    const answers = async () => (await provider.endpoints(id)).length > 0;
    await until("one answers", answers, LONGEST_PAUSE_MS - 5_000);
    const [endpoint] = await provider.endpoints(id);
    expect(await ask(endpoint as Endpoint, "here")).toBe("here");
  });
});

describe("a replica that hangs in its start", () => {
  test("does not keep others waiting until it is given up", async ({ expect }) => {
    using folder = createTemporaryFolder();
    const provider = await deployHanging(folder.path, 600_000);
    await provider.scale(HANGS, 2 * availableParallelism());
    await provider.deploy(functionSpec(LOCAL_SUBJECT));
    expect(await ask(await endpointOf(provider, id), "here")).toBe("here");
    expect(await provider.endpoints(HANGS)).toEqual([]);
  });

  test("is killed when it takes too long, and its function says so", async ({ expect }) => {
    using folder = createTemporaryFolder();
    const provider = await deployHanging(folder.path, 500);
    const failure = async () => (await provider.describe(HANGS)).failure;
    await until("it is known", async () => (await failure()) === "killed after 0.5 s");
    expect(await provider.endpoints(HANGS)).toEqual([]);
  });
});

const HANGS = { ...id, name: "hangs" };

/** A provider with a function of which no replica ever says anything; `folder` is for its program. */
async function deployHanging(folder: string, startTimeoutMs: number): Promise<Provider> {
  const program = join(folder, "watchdog");
  writeFileSync(program, HANGING);
  chmodSync(program, 0o755);
  const watchdog = [program, ...LOCAL_OPTIONS.watchdog];
  const provider = await startLocalProvider({ watchdog, startTimeoutMs });
  await provider.deploy(functionSpec(LOCAL_SUBJECT, { ...HANGS, environment: { hangs: "true" } }));
  return provider;
}
