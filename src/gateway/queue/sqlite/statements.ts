import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Each text under its name, ready to run. */
export function prepareStatements<Name extends string>(
  database: DatabaseSync,
  texts: Readonly<Record<Name, string>>,
): Readonly<Record<Name, StatementSync>> {
  const entries = Object.entries<string>(texts).map(([name, sql]) => [name, database.prepare(sql)]);
  return Object.fromEntries(entries);
}
