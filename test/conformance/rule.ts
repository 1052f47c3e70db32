/** Why a difference may be. */
export interface Rule {
  /** `mended`: their fault. `deviation`: named in the README, in the row that begins with `why`. */
  readonly kind: "mended" | "deviation";
  /** The fault's or the threat's number, or the beginning of the row. */
  readonly why: string;
  /** Of the groups that it is about; absent: all. */
  readonly groups?: RegExp;
  /** Names of the cases that it is about; absent: all. */
  readonly cases?: readonly string[];
  /** Fields, or the beginnings of them (`header`); absent: all. */
  readonly fields?: readonly string[];
  /** Of theirs and ours. */
  readonly statuses?: readonly [number, number];
  /** What theirs and ours have to be, where it is about that alone. */
  readonly theirs?: RegExp;
  readonly ours?: RegExp;
  /** Theirs is a race: what is on file need not show it. */
  readonly isRare?: true;
}
