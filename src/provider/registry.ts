import { join } from "node:path";
import { BreezeError } from "../core/errors.ts";
import { type Provider, ProviderError } from "./provider.ts";

export interface ProviderOptions {
  /** The gateway's: each provider has a folder of its own in it. */
  readonly dataDirectory: string;
  /** What a replica is on this machine: a watchdog's program, absolute, and its arguments. */
  readonly watchdog: readonly string[];
  /** This process's own variables. */
  readonly machine: Readonly<Record<string, string | undefined>>;
  readonly defaultNamespace: string;
  /** What went wrong with nobody to tell it to. */
  readonly warn: (message: string) => void;
}

type Open = (options: ProviderOptions) => Promise<Provider>;

/** Only what is chosen is loaded. */
const PROVIDERS = {
  async local({ dataDirectory, ...options }) {
    const { createLocalProvider } = await import("./local/create-local-provider.ts");
    return await createLocalProvider({ ...options, folder: join(dataDirectory, "local") });
  },
} as const satisfies Readonly<Record<string, Open>>;

/** Rejects with `DATA_UNUSABLE` where what it keeps is another one's, or a newer version's. */
export async function openProvider(
  name: keyof typeof PROVIDERS,
  options: ProviderOptions,
): Promise<Provider> {
  try {
    return await PROVIDERS[name](options);
  } catch (cause) {
    if (!(cause instanceof ProviderError)) throw cause;
    throw new BreezeError("DATA_UNUSABLE", cause.message, { cause });
  }
}
