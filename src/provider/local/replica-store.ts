import type { DatabaseSync } from "node:sqlite";
import type { ProcessIdentity } from "../../process/process-identity.ts";
import type { FunctionId } from "../provider.ts";
import { write } from "./state-database.ts";

/** A process that has been started for a function, and has not been seen to be gone. */
export interface StoredReplica extends ProcessIdentity {
  readonly id: string;
  readonly functionId: FunctionId;
  readonly revision: string;
  /** `undefined`: it has not answered yet. */
  readonly port: number | undefined;
  readonly isDraining: boolean;
}

export interface ReplicaStore {
  all(): StoredReplica[];
  /** Throws where it cannot be written: nobody would find the process again. */
  add(replica: StoredReplica): void;
  setPort(id: string, port: number): void;
  setDraining(id: string): void;
  remove(id: string): void;
}

/**
 * What changes of one that is known already may stay unwritten, on a full disk: whoever starts next looks at the process
 * itself, and one whose port he does not know is replaced. `warn`: what could not be written, and why.
 */
export function createReplicaStore(
  database: DatabaseSync,
  warn: (message: string) => void,
): ReplicaStore {
  const all = database.prepare("SELECT * FROM replicas");
  const add = database.prepare("INSERT INTO replicas VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  const setPort = database.prepare("UPDATE replicas SET port = ? WHERE id = ?");
  const setDraining = database.prepare("UPDATE replicas SET is_draining = 1 WHERE id = ?");
  const remove = database.prepare("DELETE FROM replicas WHERE id = ?");
  const change = (id: string, act: () => unknown) => {
    try {
      write(act);
    } catch (error) {
      warn(`What has become of replica ${id} cannot be kept: ${(error as Error).message}`);
    }
  };
  return {
    all: () => all.all().map((row) => toStored(row as unknown as Row)),
    add({ id, functionId, revision, pid, startedAt, port, isDraining }) {
      const { namespace, name } = functionId;
      const draining = isDraining ? 1 : 0;
      write(() => add.run(id, namespace, name, revision, pid, startedAt, port ?? null, draining));
    },
    setPort: (id, port) => change(id, () => setPort.run(port, id)),
    setDraining: (id) => change(id, () => setDraining.run(id)),
    remove: (id) => change(id, () => remove.run(id)),
  };
}

interface Row {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly revision: string;
  readonly pid: number;
  readonly started_at: string;
  readonly port: number | null;
  readonly is_draining: number;
}

const toStored = (row: Row): StoredReplica => ({
  id: row.id,
  functionId: { name: row.name, namespace: row.namespace },
  revision: row.revision,
  pid: row.pid,
  startedAt: row.started_at,
  port: row.port ?? undefined,
  isDraining: row.is_draining === 1,
});
