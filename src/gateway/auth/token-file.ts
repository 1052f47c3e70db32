import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { writeDurably } from "../../core/durable-file.ts";
import { BreezeError } from "../../core/errors.ts";
import { SCOPES, type StoredToken } from "./token.ts";

/** Of what is in the file. */
const VERSION = 1;

/** Throws `DATA_UNUSABLE`. A file that is not there has no tokens. */
export function readTokenFile(path: string): readonly StoredToken[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    throw unusable(`${path} cannot be read: ${code}`, cause);
  }
  try {
    return parse(text);
  } catch (cause) {
    if (cause instanceof NewerVersion) throw unusable(`${path} is of a newer version of Breeze`);
    // What is wrong with it may quote it.
    throw unusable(`${path} does not hold tokens as this version writes them`);
  }
}

/** On disk when it returns, and never half. Throws `DATA_UNUSABLE`. */
export function writeTokenFile(path: string, tokens: readonly StoredToken[]): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeDurably(path, `${JSON.stringify({ version: VERSION, tokens }, undefined, 2)}\n`);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw unusable(`${path} cannot be written: ${code}`, cause);
  }
}

const DATE = z.iso.datetime().transform((text) => new Date(text));
const TOKENS = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    functions: z.array(z.string()),
    createdAt: DATE,
    expiresAt: DATE.optional().transform((date) => date),
    digest: z.string().regex(/^[\da-f]{64}$/),
  }),
);

class NewerVersion extends Error {}

function parse(text: string): readonly StoredToken[] {
  const { version, tokens } = z
    .object({ version: z.int(), tokens: z.unknown() })
    .parse(JSON.parse(text));
  if (version > VERSION) throw new NewerVersion();
  return TOKENS.parse(tokens).map((token) => ({ ...token, expiresAt: token.expiresAt }));
}

function unusable(message: string, cause?: unknown): BreezeError {
  return new BreezeError("DATA_UNUSABLE", `${message}.`, { cause });
}
