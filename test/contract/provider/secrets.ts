import { describe, test } from "vitest";
import { until } from "../../support/until.ts";
import {
  ask,
  endpointOf,
  functionId,
  functionSpec,
  type ProviderSubject,
  shellFunction,
} from "./subject.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** Written, used, never given back. */
export function describeSecrets(subject: ProviderSubject): void {
  const key = functionId(subject, "api-key");
  const reader = {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a shell's.
    ...shellFunction('cat "${OPENFAAS_SECRETS_DIR:-/var/openfaas/secrets}/api-key"'),
    secrets: ["api-key"],
  };

  describe("secrets", () => {
    test("a secret is listed by its name, in its namespace, once", async ({ expect }) => {
      const provider = await subject.create();
      await provider.createSecret({ ...key, value: bytes("s3cret") });
      expect(await provider.listSecrets(key.namespace)).toEqual([key]);
      const again = provider.createSecret({ ...key, value: bytes("other") });
      await expect(again).rejects.toMatchObject({ code: "conflict" });
    });

    test("a function that names it reads it from a file, byte for byte", async ({ expect }) => {
      const provider = await subject.create();
      await provider.createSecret({ ...key, value: bytes("s3cret\n\n ü") });
      await provider.deploy(functionSpec(subject, reader));
      const endpoint = await endpointOf(provider, functionId(subject, "echo"));
      expect(await ask(endpoint)).toBe("s3cret\n\n ü");
    });

    test("a command and a variable find it where it is in a container", async ({ expect }) => {
      const provider = await subject.create();
      await provider.createSecret({ ...key, value: bytes("s3cret") });
      const path = "/var/openfaas/secrets/api-key";
      const named = { process: `cat ${path}`, secrets: ["api-key"] };
      await provider.deploy(functionSpec(subject, named));
      const told = { ...shellFunction('cat "$file"'), secrets: ["api-key"] };
      const environment = { ...told.environment, file: path };
      await provider.deploy(functionSpec(subject, { ...told, name: "told", environment }));
      expect((await provider.describe(functionId(subject, "told"))).environment.file).toBe(path);
      for (const name of ["echo", "told"]) {
        expect(await ask(await endpointOf(provider, functionId(subject, name)))).toBe("s3cret");
      }
    });

    test("a new value reaches the function, where secrets can be updated", async ({
      expect,
      skip,
    }) => {
      const provider = await subject.create();
      if (!provider.capabilities.secretUpdates) skip("this provider says that they cannot");
      await provider.createSecret({ ...key, value: bytes("old") });
      await provider.deploy(functionSpec(subject, reader));
      const endpoint = await endpointOf(provider, functionId(subject, "echo"));
      await provider.updateSecret({ ...key, value: bytes("new") });
      await until("the new value is read", async () => (await ask(endpoint)) === "new");
      expect(await provider.listSecrets(key.namespace)).toEqual([key]);
    });

    test("a secret that was removed is gone, and a function may not ask for it", async ({
      expect,
    }) => {
      const provider = await subject.create();
      await provider.createSecret({ ...key, value: bytes("s3cret") });
      await provider.removeSecret(key);
      expect(await provider.listSecrets(key.namespace)).toEqual([]);
      const deploying = provider.deploy(functionSpec(subject, reader));
      await expect(deploying).rejects.toMatchObject({ code: "invalid" });
    });

    test("a secret that is not there is notFound", async ({ expect }) => {
      const provider = await subject.create();
      await expect(provider.removeSecret(key)).rejects.toMatchObject({ code: "notFound" });
      if (!provider.capabilities.secretUpdates) return;
      const updating = provider.updateSecret({ ...key, value: bytes("new") });
      await expect(updating).rejects.toMatchObject({ code: "notFound" });
    });

    for (const name of ["", "..", "../up", "a/b", ".hidden", "a b"]) {
      test(`T29: a secret cannot be called ${JSON.stringify(name)}`, async ({ expect }) => {
        const provider = await subject.create();
        const creating = provider.createSecret({ ...key, name, value: bytes("s3cret") });
        await expect(creating).rejects.toMatchObject({ code: "invalid" });
      });
    }
  });
}
