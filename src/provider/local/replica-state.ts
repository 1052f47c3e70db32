/** `unready`: was ready, and takes no requests at the moment. `draining`: ends as soon as what it answers is answered. */
export type ReplicaState = "starting" | "ready" | "unready" | "draining" | "gone";

export interface ReplicaEnd {
  /** In words. */
  readonly reason: string;
  readonly wasDraining: boolean;
  /** For how long it had taken requests; 0: never. */
  readonly servedMs: number;
}
