import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";
import type { FunctionSpec } from "../../../src/provider/provider.ts";
import { ask, endpointOf, endpointsOf, functionSpec } from "../../contract/provider/subject.ts";
import { fixture } from "../../support/fixture.ts";
import { LOCAL_SUBJECT, startLocalProvider } from "../../support/start-local-provider.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";

const id = { name: "echo", namespace: "openfaas-fn" };
const toSpec = (changes: Partial<FunctionSpec> = {}) => functionSpec(LOCAL_SUBJECT, changes);

describe("an image", () => {
  test("that is a folder is the working directory, and none of what is said to be unused", async ({
    expect,
  }) => {
    using image = createTemporaryFolder();
    writeFileSync(join(image.path, "greeting"), "hello from a folder");
    const provider = await startLocalProvider();
    await provider.deploy(toSpec({ image: image.path, process: "cat greeting" }));
    expect(await ask(await endpointOf(provider, id))).toBe("hello from a folder");
    expect((await provider.describe(id)).annotations).toEqual({});
  });

  test("that is a template's folder says what to run, with the variables of its Dockerfile", async ({
    expect,
  }) => {
    using image = createTemporaryFolder();
    writeFileSync(join(image.path, "template.yml"), "language: sh\nfprocess: ./function/handler\n");
    const dockerfile =
      "FROM a AS b\nENV greeting=wrong\nFROM b\nENV greeting='hello you' \\\n  more=1\n";
    writeFileSync(join(image.path, "Dockerfile"), dockerfile);
    mkdirSync(join(image.path, "function"));
    const handler = join(image.path, "function", "handler");
    writeFileSync(handler, '#!/bin/sh\necho "$greeting $more"\n');
    chmodSync(handler, 0o755);
    const provider = await startLocalProvider();
    await provider.deploy(toSpec({ image: `file://${image.path}`, process: undefined }));
    expect(await ask(await endpointOf(provider, id))).toBe("hello you 1\n");
  });

  test("of a template that serves HTTP itself can have many replicas, each on a port of its own", async ({
    expect,
  }) => {
    const image = fileURLToPath(new URL("../../../templates/node", import.meta.url));
    const provider = await startLocalProvider();
    await provider.deploy(toSpec({ image, process: undefined }));
    await provider.scale(id, 2);
    const endpoints = await endpointsOf(provider, id, 2);
    for (const { host, port } of endpoints) {
      const answer = await fetch(`http://${host}:${port}/`, { method: "POST", body: "hello" });
      expect(answer.status).toBe(200);
    }
  });

  test("that is not used has replicas on ports of their own, too, where it serves HTTP and says not where", async ({
    expect,
  }) => {
    const provider = await startLocalProvider();
    const process = `sh -c 'exec "${execPath}" "${fixture("echoes-over-http.ts")}" "$http_port"'`;
    const environment = { mode: "http", fprocess_shell_words: "true" };
    await provider.deploy(toSpec({ process, environment }));
    await provider.scale(id, 2);
    for (const endpoint of await endpointsOf(provider, id, 2)) {
      expect(await ask(endpoint, endpoint.id)).toBe(endpoint.id);
    }
  });

  test("and whatever else a process cannot have is said in annotations, and kept verbatim", async ({
    expect,
  }) => {
    const provider = await startLocalProvider();
    const spec = toSpec({
      labels: { "com.openfaas.scale.min": "0" },
      readOnlyRootFilesystem: true,
      limits: { memory: "64Mi" },
      requests: { cpu: "100m" },
      constraints: ["node.role == worker"],
    });
    await provider.deploy(spec);
    expect(await provider.describe(id)).toMatchObject({
      image: spec.image,
      limits: spec.limits,
      annotations: {
        "breeze.image": "not-used",
        "breeze.read-only-root-filesystem": "not-enforced",
        "breeze.limits": "not-enforced",
        "breeze.requests": "not-used",
        "breeze.constraints": "not-used",
      },
    });
  });

  const refusals = [
    ["a folder that is not there", { image: "/no/such/folder" }, "/no/such/folder"],
    ["a folder of who knows where", { image: "./greet" }, "./greet: expected the absolute path"],
    ["a folder of somebody's home", { image: "~/greet" }, "~/greet: expected the absolute path"],
    ["a name without a program", { process: undefined }, "fprocess"],
    ["a program that is not in PATH", { process: "no-such-program -x" }, "no-such-program"],
    ["more replicas than can be meant", { labels: { "com.openfaas.scale.min": "300" } }, "256"],
    ["a variable that no process can have", { environment: { A: "x".repeat(131_072) } }, "128 KiB"],
    ["a variable without a name", { environment: { "": "x" } }, "variable"],
  ] as const;
  for (const [what, changes, named] of refusals) {
    test(`${what} is refused at once, and named`, async ({ expect }) => {
      const provider = await startLocalProvider();
      await expect(provider.deploy(toSpec(changes))).rejects.toMatchObject({
        code: "invalid",
        message: expect.stringContaining(named),
      });
    });
  }
});
