import type { DatabaseSync } from "node:sqlite";
import { type FunctionId, ProviderError, type Secret } from "../provider.ts";
import { checkSecretName } from "./names.ts";
import { write, writeDurably } from "./state-database.ts";

export interface SecretStore {
  list(namespace: string): FunctionId[];
  /** `undefined`: there is none. */
  read(id: FunctionId): Uint8Array | undefined;
  create(secret: Secret): void;
  update(secret: Secret): void;
  remove(id: FunctionId): void;
  removeAll(namespace: string): void;
}

export function createSecretStore(database: DatabaseSync): SecretStore {
  const list = database.prepare("SELECT name FROM secrets WHERE namespace = ? ORDER BY name");
  const read = database.prepare("SELECT value FROM secrets WHERE namespace = ? AND name = ?");
  const create = database.prepare("INSERT OR IGNORE INTO secrets VALUES (?, ?, ?)");
  const update = database.prepare("UPDATE secrets SET value = ? WHERE namespace = ? AND name = ?");
  const remove = database.prepare("DELETE FROM secrets WHERE namespace = ? AND name = ?");
  const removeAll = database.prepare("DELETE FROM secrets WHERE namespace = ?");
  return {
    list: (namespace) => list.all(namespace).map(({ name }) => ({ name: `${name}`, namespace })),
    read: ({ namespace, name }) => read.get(namespace, name)?.value as Uint8Array | undefined,
    create({ namespace, name, value }) {
      checkSecretName(name);
      const { changes } = writeDurably(database, () => create.run(namespace, name, value));
      if (changes === 0) {
        throw new ProviderError("conflict", `secret ${name} exists in namespace ${namespace}`);
      }
    },
    update(secret) {
      const { namespace, name, value } = secret;
      const { changes } = writeDurably(database, () => update.run(value, namespace, name));
      if (changes === 0) throw notFound(secret);
    },
    remove(id) {
      const { changes } = writeDurably(database, () => remove.run(id.namespace, id.name));
      if (changes === 0) throw notFound(id);
    },
    removeAll: (namespace) => void write(() => removeAll.run(namespace)),
  };
}

const notFound = ({ name, namespace }: FunctionId) =>
  new ProviderError("notFound", `secret ${name} not found in namespace ${namespace}`);
