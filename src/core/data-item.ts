/** A file that has to be there again after a restore. */
export interface DataItem {
  /** Below the data directory. It may be missing. */
  readonly path: string;
  /** A `database` is SQLite's. */
  readonly kind: "database" | "file";
  /** Takes out of a copy what is true only of the processes that run while it is made. */
  clean?(copy: string): void;
  /** Puts into what is to be restored what is true only of the processes that the one in its place knows. */
  carryOver?(current: string, restored: string): void;
}
