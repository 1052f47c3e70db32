import { describe, test } from "vitest";
import {
  ask,
  endpointOf,
  endpointsOf,
  functionId,
  functionSpec,
  type ProviderSubject,
} from "./subject.ts";

/** As many as are wanted. */
export function describeScaling(subject: ProviderSubject): void {
  const id = functionId(subject, "echo");

  describe("scaling", () => {
    test("up: each of the replicas answers for itself", async ({ expect }) => {
      const provider = await subject.create();
      await provider.deploy(functionSpec(subject));
      await provider.scale(id, 3);
      expect(await provider.describe(id)).toMatchObject({ replicas: 3 });
      const endpoints = await endpointsOf(provider, id, 3);
      expect(new Set(endpoints.map((one) => one.id)).size).toBe(3);
      expect(new Set(endpoints.map((one) => `${one.host}:${one.port}`)).size).toBe(3);
      expect(await Promise.all(endpoints.map((one) => ask(one, one.id)))).toEqual(
        endpoints.map((one) => one.id),
      );
    });

    test("down: those that stay have answered before", async ({ expect }) => {
      const provider = await subject.create();
      await provider.deploy(functionSpec(subject));
      await provider.scale(id, 2);
      const before = await endpointsOf(provider, id, 2);
      await provider.scale(id, 1);
      expect(before).toContainEqual(await endpointOf(provider, id));
    });

    test("to zero is seen at once, nobody answers, and back it is another replica", async ({
      expect,
    }) => {
      const provider = await subject.create();
      await provider.deploy(functionSpec(subject));
      const first = await endpointOf(provider, id);
      await provider.scale(id, 0);
      expect(await provider.describe(id)).toMatchObject({ replicas: 0 });
      await endpointsOf(provider, id, 0);
      await provider.scale(id, 1);
      const second = await endpointOf(provider, id);
      expect(second.id).not.toBe(first.id);
      expect(await ask(second, "again")).toBe("again");
    });

    test("it begins with as many as com.openfaas.scale.min says", async ({ expect }) => {
      const provider = await subject.create();
      await provider.deploy(functionSpec(subject, { labels: { "com.openfaas.scale.min": "2" } }));
      expect(await provider.describe(id)).toMatchObject({ replicas: 2 });
      await endpointsOf(provider, id, 2);
    });

    test("an update keeps what it was scaled to, zero too", async ({ expect }) => {
      const provider = await subject.create();
      await provider.deploy(functionSpec(subject));
      await provider.scale(id, 0);
      await provider.update(functionSpec(subject, { labels: { version: "2" } }));
      expect(await provider.describe(id)).toMatchObject({
        replicas: 0,
        availableReplicas: 0,
        labels: { version: "2" },
      });
    });
  });
}
