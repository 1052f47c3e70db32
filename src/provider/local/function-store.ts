import type { DatabaseSync } from "node:sqlite";
import type { FunctionId, FunctionSpec } from "../provider.ts";
import { write, writeDurably } from "./state-database.ts";

/** A function as it is to be. */
export interface StoredFunction {
  readonly spec: FunctionSpec;
  /** Another one with each update. */
  readonly revision: string;
  readonly replicas: number;
  readonly createdAt: Date;
}

export interface FunctionStore {
  all(): StoredFunction[];
  /** In place of the one of the same name. */
  put(stored: StoredFunction): void;
  setReplicas(id: FunctionId, replicas: number): void;
  remove(id: FunctionId): void;
}

export function createFunctionStore(database: DatabaseSync): FunctionStore {
  const all = database.prepare("SELECT * FROM functions ORDER BY namespace, name");
  const put = database.prepare("INSERT OR REPLACE INTO functions VALUES (?, ?, ?, ?, ?, ?)");
  const setReplicas = database.prepare(
    "UPDATE functions SET replicas = ? WHERE namespace = ? AND name = ?",
  );
  const remove = database.prepare("DELETE FROM functions WHERE namespace = ? AND name = ?");
  return {
    all: () => all.all().map((row) => toStored(row as unknown as Row)),
    put({ spec, revision, replicas, createdAt }) {
      const text = JSON.stringify(spec);
      const time = createdAt.getTime();
      const { namespace, name } = spec;
      writeDurably(database, () => put.run(namespace, name, revision, text, replicas, time));
    },
    setReplicas({ namespace, name }, replicas) {
      write(() => setReplicas.run(replicas, namespace, name));
    },
    remove: ({ namespace, name }) => void writeDurably(database, () => remove.run(namespace, name)),
  };
}

interface Row {
  readonly spec: string;
  readonly revision: string;
  readonly replicas: number;
  readonly created_at: number;
}

function toStored({ spec, revision, replicas, created_at }: Row): StoredFunction {
  // JSON has no `undefined`.
  const unsaid = { process: undefined, limits: undefined, requests: undefined };
  return {
    spec: { ...unsaid, ...JSON.parse(spec) },
    revision,
    replicas,
    createdAt: new Date(created_at),
  };
}
