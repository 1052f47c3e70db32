import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import {
  createLocalProvider,
  type LocalProviderOptions,
} from "../../src/provider/local/create-local-provider.ts";
import type { Provider } from "../../src/provider/provider.ts";
import type { ProviderSubject } from "../contract/provider/subject.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

const WATCHDOG = fileURLToPath(new URL("../../bin/fwatchdog.ts", import.meta.url));

export const LOCAL_OPTIONS = Object.freeze({
  watchdog: [process.execPath, WATCHDOG],
  defaultNamespace: "openfaas-fn",
  closeTimeoutMs: 20_000,
});

/** As the contract's tests, and what else deploys to it, know it. */
export const LOCAL_SUBJECT: ProviderSubject = Object.freeze({
  name: "local",
  create: () => startLocalProvider(),
  defaultNamespace: LOCAL_OPTIONS.defaultNamespace,
  image: "functions/alpine:latest",
});

/** The real thing in a folder of the test's own, both gone with it. */
export async function startLocalProvider(
  options: Partial<LocalProviderOptions> = {},
): Promise<Provider> {
  const folder = createTemporaryFolder();
  // First, so that it is the last to happen, and happens where the start fails too.
  onTestFinished(() => folder[Symbol.dispose]());
  const provider = await createLocalProvider({
    ...LOCAL_OPTIONS,
    folder: folder.path,
    machine: process.env,
    warn() {},
    ...options,
  });
  onTestFinished(() => provider[Symbol.asyncDispose]());
  return provider;
}
