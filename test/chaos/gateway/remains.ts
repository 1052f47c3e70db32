import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { findProcesses } from "../../../bench/server/processes.ts";
import {
  isRunning,
  type ProcessIdentity,
  readIdentity,
} from "../../../src/process/process-identity.ts";
import { findReplicas } from "../../support/find-replicas.ts";
import type { Victim } from "./victim.ts";

/** Files that SQLite made, each looked through from its first page to its last. */
export function findCorruption(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true }).map(String);
  return files
    .filter((file) => /\.(?:sqlite|db)$/.test(file))
    .flatMap((file) => {
      const database = new DatabaseSync(join(folder, file));
      const rows = database.prepare("PRAGMA integrity_check").all();
      database.close();
      const said = rows.map((row) => String(Object.values(row)[0]));
      return said.length === 1 && said[0] === "ok" ? [] : [`${file}: ${said.join("; ")}`];
    });
}

/** What others could read of what is nobody's business. */
export function findOpenFiles(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files.flatMap((file) => {
    const path = join(file.parentPath, file.name);
    const { mode } = statSync(path);
    if (file.isFile() && /\/secrets$/.test(file.parentPath) && (mode & 0o777) !== 0o400) {
      return [`the secret ${path} has the mode ${(mode & 0o777).toString(8)}`];
    }
    const isSecretive = file.isDirectory()
      ? file.name === "secrets"
      : /(?:queue|state).sqlite/.test(file.name);
    return isSecretive && (mode & 0o077) !== 0
      ? [`${path} has the mode ${(mode & 0o777).toString(8)}`]
      : [];
  });
}

export function countSecretFiles(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files.filter((file) => file.isFile() && /\/secrets$/.test(file.parentPath)).length;
}

/** One for each replica. */
export function countReplicaFolders(folder: string): number {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  const parent = found.find((entry) => entry.isDirectory() && entry.name === "replicas");
  return parent === undefined ? 0 : readdirSync(join(parent.parentPath, parent.name)).length;
}

/** Every process that ever was a replica, by number and start time. */
export class Replicas {
  readonly #victim: Victim;
  readonly #seen = new Map<string, ProcessIdentity>();

  constructor(victim: Victim) {
    this.#victim = victim;
  }

  /** Those that run just now. Remembers them. */
  look(): readonly ProcessIdentity[] {
    const replicas = findReplicas(this.#victim.dataFolder)
      .map((pid) => readIdentity(pid))
      .filter((identity) => identity !== undefined);
    for (const identity of replicas) {
      this.#seen.set(`${identity.pid}/${identity.startedAt}`, identity);
    }
    return replicas;
  }

  get seen(): number {
    return this.#seen.size;
  }

  left(): string[] {
    const others = findProcesses(this.#victim.folder).map(({ pid, name }) => `${name} (${pid})`);
    const replicas = [...this.#seen.values()]
      .filter(isRunning)
      .map(({ pid }) => `replica (${pid})`);
    return [...new Set([...others, ...replicas])];
  }
}
