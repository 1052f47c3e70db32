import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FolderInUse, lockFolder } from "../../core/folder-lock.ts";
import { type FunctionId, type Provider, ProviderError } from "../provider.ts";
import { Deployments } from "./deployments.ts";
import { FunctionLogs } from "./function-logs.ts";
import { createFunctionStore } from "./function-store.ts";
import { LocalProvider } from "./local-provider.ts";
import { toKey } from "./names.ts";
import { createNamespaceStore } from "./namespace-store.ts";
import type { Replica } from "./replica.ts";
import { createReplicaStore } from "./replica-store.ts";
import { Replicas } from "./replicas.ts";
import { createSecretStore } from "./secret-store.ts";
import { openState } from "./state-database.ts";

export interface LocalProviderOptions {
  /** Absolute; everything that is kept is in it. Made where it is not there, and nobody else's as long as this lives. */
  readonly folder: string;
  /** What a replica is: a watchdog's program, absolute, and its arguments. It gets all it is told from variables. */
  readonly watchdog: readonly string[];
  /** This process's own variables; functions get `PATH`, `HOME` and a few like them, never all. */
  readonly machine: Readonly<Record<string, string | undefined>>;
  readonly defaultNamespace: string;
  /** What went wrong with nobody to tell it to. */
  readonly warn: (message: string) => void;
  /** From the start of a replica until it takes requests. @defaultValue 60,000 */
  readonly startTimeoutMs?: number;
  /** Between two looks whether a replica still takes requests. @defaultValue 5,000 */
  readonly healthIntervalMs?: number;
  /** How long closing waits for replicas to end by themselves. @defaultValue 10,000 */
  readonly closeTimeoutMs?: number;
  /** Aborted: closing waits no longer, now or when it comes to it. */
  readonly hurry?: AbortSignal;
}

const DEFAULTS = Object.freeze({
  startTimeoutMs: 60_000,
  healthIntervalMs: 5_000,
  closeTimeoutMs: 10_000,
});

/**
 * Functions as processes of this machine. Resolves when all that a provider before this one has left running either
 * belongs to this one or is told to end. Rejects with `unavailable` where the folder is another one's, or from the future.
 */
export async function createLocalProvider(options: LocalProviderOptions): Promise<Provider> {
  const settings = { ...DEFAULTS, ...options };
  mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
  using stack = new DisposableStack();
  stack.use(ownFolder(settings.folder));
  const database = openState(settings.folder);
  stack.defer(() => database.close());
  const secrets = createSecretStore(database);
  const namespaces = createNamespaceStore(database, settings.defaultNamespace);
  const logs = createLogs(settings);
  const replicas: Replicas = new Replicas({
    ...settings,
    folder: join(settings.folder, "replicas"),
    store: createReplicaStore(database, settings.warn),
    secrets,
    logsOf: logs.of,
    onChange: (id) => deployments.changed(id),
    onGone: (id, replica, end) => deployments.lost(id, replica, end),
  });
  const deployments: Deployments = new Deployments({
    store: createFunctionStore(database),
    startReplica: (stored) => replicas.start(stored),
    logsOf: logs.of,
    onForgotten: logs.forget,
    warn: settings.warn,
  });
  await recover(replicas, deployments, logs);
  const open = stack.move();
  return new LocalProvider({
    deployments,
    namespaces,
    secrets,
    machine: settings.machine,
    async close() {
      deployments.end();
      await replicas.close(settings.closeTimeoutMs, settings.hurry);
      open.dispose();
    },
  });
}

function ownFolder(folder: string): Disposable {
  try {
    return lockFolder(folder);
  } catch (cause) {
    if (!(cause instanceof FolderInUse)) throw cause;
    throw new ProviderError("unavailable", cause.message, { cause });
  }
}

/** What runs is taken over first, so that only what is missing is started. */
async function recover(
  replicas: Replicas,
  deployments: Deployments,
  logs: ReturnType<typeof createLogs>,
): Promise<void> {
  const orphans: Replica[] = [];
  const orphaned: FunctionId[] = [];
  const adoptions = replicas.findRunning().map((stored) => {
    const deployment = deployments.find(stored.functionId);
    const { replica, settled } = replicas.adopt(stored, deployment?.stored.spec);
    if (deployment === undefined) {
      orphans.push(replica);
      orphaned.push(stored.functionId);
    } else {
      deployment.take(replica);
    }
    return settled;
  });
  await Promise.all(adoptions);
  void Promise.all(orphans.map(({ gone }) => gone)).then(() => {
    for (const id of orphaned) {
      if (deployments.find(id) === undefined) logs.forget(id);
    }
  });
  logs.forgetAllBut((key) => deployments.has(key));
  deployments.start();
}

function createLogs({ folder, warn }: Pick<LocalProviderOptions, "folder" | "warn">) {
  const parent = join(folder, "logs");
  const all = new Map<string, FunctionLogs>();
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  return {
    of(id: FunctionId): FunctionLogs {
      const key = toKey(id);
      const logs = all.get(key) ?? new FunctionLogs({ folder: join(parent, key), warn });
      all.set(key, logs);
      return logs;
    },
    forget(id: FunctionId): void {
      all.get(toKey(id))?.remove();
      all.delete(toKey(id));
    },
    /** Of functions that were removed just before the end. */
    forgetAllBut(isKept: (key: string) => boolean): void {
      for (const key of readdirSync(parent)) {
        if (!isKept(key) && !all.has(key)) rmSync(join(parent, key), { recursive: true });
      }
    },
  };
}
