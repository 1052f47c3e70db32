import type { DataItem } from "../../core/data-item.ts";
import { PASSWORD_FILE } from "../auth/gate.ts";
import { TOKEN_FILE } from "../auth/tokens.ts";

export const QUEUE_FILE = "queue.sqlite";

/**
 * What the gateway itself keeps in `data_dir`. The queue is copied first, before what says which functions there are: so
 * none that something was accepted for is missing.
 */
export const GATEWAY_DATA: readonly DataItem[] = [
  { path: QUEUE_FILE, kind: "database" },
  { path: TOKEN_FILE, kind: "file" },
  { path: PASSWORD_FILE, kind: "file" },
];
