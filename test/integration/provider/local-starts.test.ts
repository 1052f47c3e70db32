import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import type { Endpoint } from "../../../src/provider/provider.ts";
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
    const program = join(folder.path, "watchdog");
    writeFileSync(program, HANGING);
    chmodSync(program, 0o755);
    const watchdog = [program, ...LOCAL_OPTIONS.watchdog];
    const provider = await startLocalProvider({ watchdog, startTimeoutMs: 600_000 });
    await provider.deploy(
      functionSpec(LOCAL_SUBJECT, { name: "hangs", environment: { hangs: "true" } }),
    );
    await provider.scale({ ...id, name: "hangs" }, 2 * availableParallelism());
    await provider.deploy(functionSpec(LOCAL_SUBJECT));
    expect(await ask(await endpointOf(provider, id), "here")).toBe("here");
    expect(await provider.endpoints({ ...id, name: "hangs" })).toEqual([]);
  });
});

test("a function whose replica is killed because it took too long says so", async ({ expect }) => {
  const provider = await startLocalProvider({ startTimeoutMs: 500 });
  // Its program is started again and again, and so its watchdog is never well.
  const environment = { mode: "http" };
  await provider.deploy(functionSpec(LOCAL_SUBJECT, { process: "false", environment }));
  let failure: string | undefined;
  await until(
    () => `it is known, and not ${failure}`,
    async () => {
      failure = (await provider.describe(id)).failure;
      return failure === "killed after 0.5 s";
    },
  );
  expect(await provider.endpoints(id)).toEqual([]);
});
