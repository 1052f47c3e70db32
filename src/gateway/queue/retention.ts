/** How much is kept of what has completed; the oldest goes first. Dead letters are kept until somebody discards them. */
export interface Retention {
  readonly keptMs: number;
  readonly keptCount: number;
  readonly keptBytes: number;
}

export const DEFAULT_RETENTION: Retention = Object.freeze({
  keptMs: 24 * 60 * 60 * 1000,
  keptCount: 10_000,
  keptBytes: 1024 * 1024 * 1024,
});
