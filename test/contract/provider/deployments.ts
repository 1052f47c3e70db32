import { request } from "node:http";
import { describe, test } from "vitest";
import type { Endpoint, FunctionId } from "../../../src/provider/provider.ts";
import { until } from "../../support/until.ts";
import {
  ask,
  endpointOf,
  functionId,
  functionSpec,
  type ProviderSubject,
  shellFunction,
} from "./subject.ts";

/** From nothing to an answer, to another answer, to nothing. */
export function describeDeployments(subject: ProviderSubject): void {
  const id = functionId(subject, "echo");

  describe("deployments", () => {
    test("it says who it is", async ({ expect }) => {
      const { info } = await subject.create();
      expect(info.name).toMatch(/^[a-z-]+$/);
      expect(info.orchestration).toMatch(/^[a-z]+$/);
    });

    test("a deployed function answers at its endpoint", async ({ expect }) => {
      const provider = await subject.create();
      await provider.deploy(functionSpec(subject));
      expect(await ask(await endpointOf(provider, id), "hello")).toBe("hello");
      expect(await provider.describe(id)).toMatchObject({ replicas: 1, availableReplicas: 1 });
    });

    test("its state is its spec, verbatim, with how it is and since when", async ({ expect }) => {
      const provider = await subject.create();
      const spec = functionSpec(subject, {
        environment: { greeting: "grüß dich" },
        constraints: ["node.role == worker"],
        labels: { team: "a", "com.openfaas.scale.max": "3" },
        annotations: { topic: "orders" },
        limits: { memory: "64Mi" },
        requests: { cpu: "100m" },
      });
      const before = Date.now();
      await provider.deploy(spec);
      const { createdAt, availableReplicas, replicas, annotations, ...rest } =
        await provider.describe(id);
      const { annotations: _, ...said } = spec;
      expect(rest).toEqual(said);
      expect(annotations).toMatchObject(spec.annotations);
      expect(replicas).toBe(1);
      expect(availableReplicas).toBeLessThanOrEqual(1);
      expect(createdAt.getTime()).toBeGreaterThanOrEqual(before - 2000);
      expect((await provider.list(id.namespace)).map(({ name }) => name)).toEqual(["echo"]);
    });

    test("a function gets its variables, its name and its namespace", async ({ expect }) => {
      const provider = await subject.create();
      const { process, environment } = shellFunction(
        'echo "$OPENFAAS_NAME $OPENFAAS_NAMESPACE $greeting"',
      );
      await provider.deploy(
        functionSpec(subject, { process, environment: { ...environment, greeting: "grüß dich" } }),
      );
      const answer = await ask(await endpointOf(provider, id));
      expect(answer).toBe(`echo ${id.namespace} grüß dich\n`);
    });

    test("max_inflight of the function is known of its endpoints", async ({ expect }) => {
      const provider = await subject.create();
      await provider.deploy(functionSpec(subject, { environment: { max_inflight: "3" } }));
      expect(await endpointOf(provider, id)).toMatchObject({ maxInflight: 3 });
    });

    test("while an update rolls every request is answered, and then only by the new one", async ({
      expect,
    }) => {
      const provider = await subject.create();
      await provider.deploy(functionSpec(subject, shellFunction("echo old")));
      const first = await endpointOf(provider, id);
      const { createdAt } = await provider.describe(id);
      await provider.update(functionSpec(subject, shellFunction("echo new")));
      const answers: string[] = [];
      await until(
        "the new one answers, alone",
        async () => {
          const endpoints = await provider.endpoints(id);
          for (const endpoint of endpoints) answers.push(await ask(endpoint));
          if (endpoints.length === 0) answers.push("nobody");
          return endpoints.length === 1 && endpoints[0]?.id !== first.id;
        },
        40_000,
      );
      expect(answers.at(-1)).toBe("new\n");
      expect(new Set(answers)).toEqual(new Set(["old\n", "new\n"]));
      expect((await provider.describe(id)).createdAt).toEqual(createdAt);
    });

    test("a function that is removed is not there any more, and can be deployed again", async ({
      expect,
    }) => {
      const provider = await subject.create();
      await provider.deploy(functionSpec(subject));
      const first = await endpointOf(provider, id);
      await provider.remove(id);
      await expect(provider.endpoints(id)).rejects.toMatchObject({ code: "notFound" });
      expect(await provider.list(id.namespace)).toEqual([]);
      await until("its replica is gone", () => isGone(first));
      await provider.deploy(functionSpec(subject));
      const second = await endpointOf(provider, id);
      expect(second.id).not.toBe(first.id);
    });

    test("what a removed function was answering is answered to its end", async ({ expect }) => {
      const provider = await subject.create();
      await provider.deploy(functionSpec(subject, { environment: { mode: "streaming" } }));
      const slow = await askInParts(await endpointOf(provider, id), "first ");
      await provider.remove(id);
      expect(await slow.finish("second")).toBe("first second");
    });

    test("everybody who watches is told of a deployment, its replica and its end, until they leave", async ({
      expect,
    }) => {
      const provider = await subject.create();
      const told: FunctionId[] = [];
      const toldToo: FunctionId[] = [];
      provider.watch((one) => told.push(one));
      const leave = provider.watch((one) => toldToo.push(one));
      await provider.deploy(functionSpec(subject));
      await until("of the deployment", () => told.length > 0);
      leave();
      const before = toldToo.length;
      let seen = told.length;
      await endpointOf(provider, id);
      await until("of the replica", () => told.length > seen);
      seen = told.length;
      await provider.remove(id);
      await until("of the end", () => told.length > seen);
      expect(told).toContainEqual(id);
      expect(toldToo.length).toBe(before);
    });

    test("what replicas use is a number of millicores and of bytes", async ({ expect }) => {
      const provider = await subject.create();
      await provider.deploy(functionSpec(subject));
      await endpointOf(provider, id);
      const { cpu, totalMemoryBytes } = await provider.usage(id);
      expect(cpu).toBeGreaterThanOrEqual(0);
      expect(totalMemoryBytes).toBeGreaterThan(1024 * 1024);
    });
  });
}

async function isGone(endpoint: Endpoint): Promise<boolean> {
  return await ask(endpoint).then(
    () => false,
    () => true,
  );
}

/** A request of which a part has come back: it is being answered. */
async function askInParts({ host, port }: Endpoint, first: string) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let answer = "";
  const ended = Promise.withResolvers<string>();
  const asking = request({ host, port, method: "POST", agent: false }, (response) => {
    response.setEncoding("utf8").on("data", (chunk) => {
      answer += chunk;
      resolve();
    });
    response.on("end", () => ended.resolve(answer)).on("error", ended.reject);
  });
  asking.on("error", reject);
  asking.write(first);
  await promise;
  return {
    finish(last: string): Promise<string> {
      asking.end(last);
      return ended.promise;
    },
  };
}
