import { join } from "node:path";
import type { DataItem } from "../core/data-item.ts";
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
  /** Aborted: closing waits for nothing that does not end by itself. */
  readonly hurry: AbortSignal;
  /** What went wrong with nobody to tell it to. */
  readonly warn: (message: string) => void;
}

interface Entry {
  open(options: ProviderOptions): Promise<Provider>;
  /** What must survive of its folder. */
  readData(): Promise<readonly DataItem[]>;
}

/** Only what is chosen is loaded. Each has a folder of its name. */
const PROVIDERS = {
  local: {
    async open({ dataDirectory, ...options }) {
      const { createLocalProvider } = await import("./local/create-local-provider.ts");
      return await createLocalProvider({ ...options, folder: join(dataDirectory, "local") });
    },
    readData: async () => (await import("./local/data-items.ts")).LOCAL_DATA,
  },
} as const satisfies Readonly<Record<string, Entry>>;

type ProviderName = keyof typeof PROVIDERS;

/** What must survive of all that a provider keeps. */
export async function readProviderData(name: ProviderName): Promise<readonly DataItem[]> {
  const items = await PROVIDERS[name].readData();
  return items.map((item) => ({ ...item, path: join(name, item.path) }));
}

/** Rejects with `DATA_UNUSABLE` where what it keeps is another one's, or a newer version's. */
export async function openProvider(
  name: ProviderName,
  options: ProviderOptions,
): Promise<Provider> {
  try {
    return await PROVIDERS[name].open(options);
  } catch (cause) {
    if (!(cause instanceof ProviderError)) throw cause;
    throw new BreezeError("DATA_UNUSABLE", cause.message, { cause });
  }
}
