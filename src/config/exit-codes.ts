import { isFinalStatus } from "../core/http-grammar.ts";

/** Exit codes and the statuses that they stand for, as JSON: `{"3":404}`. `undefined`: it is none. */
export function parseExitCodes(text: string): ReadonlyMap<number, number> | undefined {
  const given = parseObject(text);
  if (given === undefined) return undefined;
  const codes = new Map<number, number>();
  for (const [code, status] of Object.entries(given)) {
    if (!isFailure(code) || !isFinalStatus(status)) return undefined;
    codes.set(Number(code), status);
  }
  return codes;
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && !Array.isArray(value) ? (value ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

/** What exits with 0 needs no status. */
const isFailure = (code: string) => /^[1-9]\d{0,2}$/.test(code) && Number(code) <= 255;
