/** One line of the table: what is measured and what it must reach. */
export interface Row {
  readonly name: string;
  readonly title: string;
  readonly unit: Unit;
  readonly better: "higher" | "lower";
  /** `ratio`: ours to the other side's, in the same round. `value`: ours alone, the other side's only for comparison. */
  readonly judged: "ratio" | "value";
  /** `undefined`: for information. */
  readonly must?: number;
  readonly aim?: number;
}

/** Of ours alone, for information unless a bound is given. */
export function valueRow(
  name: string,
  title: string,
  unit: Unit,
  bound: Partial<Pick<Row, "better" | "must" | "aim">> = {},
): Row {
  return { name, title, unit, better: "lower", judged: "value", ...bound };
}

export type Unit = "req/s" | "MB/s" | "ms" | "us" | "MiB" | "bytes" | "x" | "";

/** What one side reached in one round, by the row's name. */
export type Values = Readonly<Record<string, number>>;

export type Verdict = "reached the aim" | "reached" | "missed" | "no peer" | "";

/** `judgedFigure` is `undefined` where the row asks for a ratio and there was nothing to compare with. */
export function verdict(row: Row, judgedFigure: number | undefined): Verdict {
  if (row.must === undefined) return "";
  if (judgedFigure === undefined) return "no peer";
  if (row.aim !== undefined && reaches(row, judgedFigure, row.aim)) return "reached the aim";
  return reaches(row, judgedFigure, row.must) ? "reached" : "missed";
}

function reaches(row: Row, figure: number, bound: number): boolean {
  return row.better === "higher" ? figure >= bound : figure <= bound;
}
