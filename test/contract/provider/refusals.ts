import { describe, test } from "vitest";
import { collect, functionId, functionSpec, type ProviderSubject } from "./subject.ts";

/** What cannot be is said at once, with a code that says why. */
export function describeRefusals(subject: ProviderSubject): void {
  const nobody = functionId(subject, "nobody");

  describe("refusals", () => {
    test("whatever is asked of a function that is not there is notFound", async ({ expect }) => {
      const provider = await subject.create();
      const query = { instance: undefined, tail: undefined, since: undefined, follow: true };
      const asked: readonly Promise<unknown>[] = [
        provider.update(functionSpec(subject, nobody)),
        provider.remove(nobody),
        provider.describe(nobody),
        provider.usage(nobody),
        provider.scale(nobody, 1),
        provider.endpoints(nobody),
        collect(provider.logs({ ...nobody, ...query })),
      ];
      for (const answer of asked) {
        await expect(answer).rejects.toMatchObject({ code: "notFound" });
      }
    });

    test("a second deployment of a name is a conflict", async ({ expect }) => {
      const provider = await subject.create();
      const spec = functionSpec(subject, { labels: { "com.openfaas.scale.min": "0" } });
      await provider.deploy(spec);
      await expect(provider.deploy(spec)).rejects.toMatchObject({ code: "conflict" });
    });

    for (const name of ["", "..", "../up", "a/b", "a..b", "-a", ".a", "a b", "a\n", "ü"]) {
      test(`T29: a function cannot be called ${JSON.stringify(name)}`, async ({ expect }) => {
        const provider = await subject.create();
        const deploying = provider.deploy(functionSpec(subject, { name }));
        await expect(deploying).rejects.toMatchObject({ code: "invalid" });
        expect(await provider.list(subject.defaultNamespace)).toEqual([]);
      });
    }

    test("a namespace that is not there is named as invalid", async ({ expect }) => {
      const provider = await subject.create();
      const deploying = provider.deploy(functionSpec(subject, { namespace: "nowhere" }));
      await expect(deploying).rejects.toMatchObject({
        code: "invalid",
        message: expect.stringContaining("nowhere"),
      });
    });

    test("a secret that is not there is named, at a deployment and at an update", async ({
      expect,
    }) => {
      const provider = await subject.create();
      const spec = functionSpec(subject, { labels: { "com.openfaas.scale.min": "0" } });
      const refusal = { code: "invalid", message: expect.stringContaining("api-key") };
      const wanting = { ...spec, secrets: ["api-key"] };
      await expect(provider.deploy(wanting)).rejects.toMatchObject(refusal);
      await provider.deploy(spec);
      await expect(provider.update(wanting)).rejects.toMatchObject(refusal);
    });

    for (const replicas of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      test(`${replicas} replicas are invalid`, async ({ expect }) => {
        const provider = await subject.create();
        const spec = functionSpec(subject, { labels: { "com.openfaas.scale.min": "0" } });
        await provider.deploy(spec);
        await expect(provider.scale(spec, replicas)).rejects.toMatchObject({ code: "invalid" });
      });
    }
  });
}
