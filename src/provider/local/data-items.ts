import { DatabaseSync } from "node:sqlite";
import type { DataItem } from "../../core/data-item.ts";
import { STATE_FILE } from "./state-database.ts";

/** What the provider keeps, in its folder. Processes are those of one machine and one gateway, and are in no backup. */
export const LOCAL_DATA: readonly DataItem[] = [
  { path: STATE_FILE, kind: "database", clean: forgetReplicas, carryOver: carryReplicas },
];

/** Somebody who restores the copy elsewhere would end the replicas of a gateway that still runs. */
function forgetReplicas(copy: string): void {
  const database = new DatabaseSync(copy);
  try {
    database.exec("DELETE FROM replicas");
  } finally {
    database.close();
  }
}

/** What a gateway that was killed has left running is to be found by the next one. */
function carryReplicas(current: string, restored: string): void {
  const database = new DatabaseSync(restored);
  try {
    database.prepare("ATTACH ? AS current").run(current);
    database.exec("INSERT OR REPLACE INTO replicas SELECT * FROM current.replicas");
  } catch {
    // It may be damaged, which is why somebody restores a backup, or of another version.
  } finally {
    database.close();
  }
}
