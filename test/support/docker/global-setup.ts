import type { TestProject } from "vitest/node";
import { ensurePackages, project } from "../package.ts";
import { createDocker } from "./docker.ts";
import { startEngine } from "./engine.ts";
import { buildImages } from "./images.ts";
import { noEngineReason } from "./requirements.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Of the tests' engine, or why there is none. */
    readonly engine: { readonly host: string } | { readonly missing: string };
  }
}

/** One engine for all end-to-end tests, with the images of the watchdog in it. On CI nothing may be missing. */
export async function setup(vitest: TestProject): Promise<(() => Promise<void>) | undefined> {
  ensurePackages();
  const missing = noEngineReason();
  if (missing !== undefined) {
    if (process.env.CI) throw new Error(missing);
    vitest.provide("engine", { missing });
    return undefined;
  }
  const engine = await startEngine();
  try {
    await buildImages(createDocker(engine.host), project);
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
  vitest.provide("engine", { host: engine.host });
  return async () => engine[Symbol.asyncDispose]();
}
