import { describe, test } from "vitest";
import type { Provider } from "../../../src/provider/provider.ts";
import { ask, endpointOf, functionSpec, type ProviderSubject } from "./subject.ts";

const staging = { name: "staging", labels: { openfaas: "1" }, annotations: { owner: "a" } };

/** Where functions of the same name do not meet. */
export function describeNamespaces(subject: ProviderSubject): void {
  const names = async (provider: Provider) =>
    (await provider.listNamespaces()).map(({ name }) => name);

  describe("namespaces", () => {
    test("the default one is always there", async ({ expect }) => {
      const provider = await subject.create();
      expect(await names(provider)).toContain(subject.defaultNamespace);
    });

    test("one can be made, changed and removed, or is unsupported", async ({ expect }) => {
      const provider = await subject.create();
      if (!provider.capabilities.namespaces) {
        await expect(provider.createNamespace(staging)).rejects.toMatchObject({
          code: "unsupported",
        });
        return;
      }
      await provider.createNamespace(staging);
      expect(await provider.listNamespaces()).toContainEqual(staging);
      await expect(provider.createNamespace(staging)).rejects.toMatchObject({ code: "conflict" });
      const changed = { ...staging, annotations: { owner: "b" } };
      await provider.updateNamespace(changed);
      expect(await provider.listNamespaces()).toContainEqual(changed);
      await provider.removeNamespace("staging");
      expect(await names(provider)).not.toContain("staging");
      for (const asked of [
        provider.removeNamespace("staging"),
        provider.updateNamespace(staging),
      ]) {
        await expect(asked).rejects.toMatchObject({ code: "notFound" });
      }
    });

    test("functions of one name in two namespaces are two, and keep theirs from being removed", async ({
      expect,
    }) => {
      const provider = await subject.create();
      if (!provider.capabilities.namespaces) return;
      await provider.createNamespace(staging);
      const here = functionSpec(subject, { labels: { "com.openfaas.scale.min": "0" } });
      const there = functionSpec(subject, { namespace: "staging" });
      await provider.deploy(here);
      await provider.deploy(there);
      expect(await ask(await endpointOf(provider, there), "there")).toBe("there");
      expect(await provider.describe(here)).toMatchObject({ replicas: 0 });
      await expect(provider.removeNamespace("staging")).rejects.toMatchObject({ code: "conflict" });
      await provider.remove(there);
      await provider.removeNamespace("staging");
      expect(await provider.list(subject.defaultNamespace)).toHaveLength(1);
    });

    for (const name of ["", "..", "a.b", "a/b", "A", "-a"]) {
      test(`T29: a namespace cannot be called ${JSON.stringify(name)}`, async ({ expect }) => {
        const provider = await subject.create();
        if (!provider.capabilities.namespaces) return;
        const creating = provider.createNamespace({ ...staging, name });
        await expect(creating).rejects.toMatchObject({ code: "invalid" });
      });
    }
  });
}
