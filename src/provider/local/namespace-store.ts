import type { DatabaseSync } from "node:sqlite";
import { type Namespace, ProviderError } from "../provider.ts";
import { checkNamespaceName } from "./names.ts";
import { write } from "./state-database.ts";

export interface NamespaceStore {
  has(name: string): boolean;
  list(): Namespace[];
  create(namespace: Namespace): void;
  update(namespace: Namespace): void;
  remove(name: string): void;
}

/** The default one is always there. */
export function createNamespaceStore(
  database: DatabaseSync,
  defaultNamespace: string,
): NamespaceStore {
  checkNamespaceName(defaultNamespace);
  const get = database.prepare("SELECT * FROM namespaces WHERE name = ?");
  const list = database.prepare("SELECT * FROM namespaces ORDER BY name <> ?, name");
  const create = database.prepare("INSERT OR IGNORE INTO namespaces VALUES (?, ?, ?)");
  const update = database.prepare(
    "UPDATE namespaces SET labels = ?, annotations = ? WHERE name = ?",
  );
  const remove = database.prepare("DELETE FROM namespaces WHERE name = ?");
  // Not written where it is there: a start must not need room on the disk.
  if (get.get(defaultNamespace) === undefined) {
    create.run(defaultNamespace, '{"openfaas":"1"}', "{}");
  }
  return {
    has: (name) => get.get(name) !== undefined,
    list: () => list.all(defaultNamespace).map((row) => toNamespace(row as unknown as Row)),
    create({ name, labels, annotations }) {
      checkNamespaceName(name);
      const texts = [JSON.stringify(labels), JSON.stringify(annotations)];
      const { changes } = write(() => create.run(name, ...texts));
      if (changes === 0) throw new ProviderError("conflict", `namespace ${name} exists`);
    },
    update({ name, labels, annotations }) {
      const texts = [JSON.stringify(labels), JSON.stringify(annotations)];
      const { changes } = write(() => update.run(...texts, name));
      if (changes === 0) throw notFound(name);
    },
    remove(name) {
      if (name === defaultNamespace) {
        throw new ProviderError("conflict", `namespace ${name} is the default one`);
      }
      if (write(() => remove.run(name)).changes === 0) throw notFound(name);
    },
  };
}

interface Row {
  readonly name: string;
  readonly labels: string;
  readonly annotations: string;
}

const toNamespace = ({ name, labels, annotations }: Row): Namespace => ({
  name,
  labels: JSON.parse(labels),
  annotations: JSON.parse(annotations),
});

const notFound = (name: string) => new ProviderError("notFound", `namespace ${name} not found`);
