import { hash, randomBytes } from "node:crypto";
import type { StoredToken, TokenRecord } from "./token.ts";
import { readTokenFile, writeTokenFile } from "./token-file.ts";

export type NewToken = Pick<TokenRecord, "name" | "scopes" | "functions" | "expiresAt">;

const PREFIX = "brz_";
const TOKEN = /^brz_[\w-]{43}$/;

/** The gateway's own tokens, in a file: who has it has no token. */
export class TokenStore {
  readonly #path: string;
  readonly #byDigest: Map<string, StoredToken>;

  /** Throws `DATA_UNUSABLE` where the file is not one of this version's. A file that is not there is an empty store. */
  constructor(path: string) {
    this.#path = path;
    this.#byDigest = new Map(readTokenFile(path).map((token) => [token.digest, token]));
  }

  /** The secret is given this once. On disk when this returns. Throws `DATA_UNUSABLE` where it cannot be. */
  create(
    token: NewToken,
    now = new Date(),
  ): { readonly secret: string; readonly record: TokenRecord } {
    const secret = PREFIX + randomBytes(32).toString("base64url");
    const id = randomBytes(6).toString("hex");
    const stored: StoredToken = { ...token, id, createdAt: now, digest: digestOf(secret) };
    writeTokenFile(this.#path, [...this.#byDigest.values(), stored]);
    this.#byDigest.set(stored.digest, stored);
    return { secret, record: toRecord(stored) };
  }

  /** In the order in which they were made, those that are over too. */
  list(): readonly TokenRecord[] {
    return [...this.#byDigest.values()].map(toRecord);
  }

  /** False: there is none of this id. It is good for nothing when this returns. */
  revoke(id: string): boolean {
    const kept = [...this.#byDigest.values()].filter((token) => token.id !== id);
    if (kept.length === this.#byDigest.size) return false;
    writeTokenFile(this.#path, kept);
    for (const [digest, token] of this.#byDigest) {
      if (token.id === id) this.#byDigest.delete(digest);
    }
    return true;
  }

  /** What a secret is good for now. */
  find(secret: string, now = Date.now()): TokenRecord | undefined {
    if (!TOKEN.test(secret)) return undefined;
    // A guess is looked up by its digest, of which its author cannot choose the beginning.
    const token = this.#byDigest.get(digestOf(secret));
    if (token?.expiresAt !== undefined && token.expiresAt.getTime() <= now) return undefined;
    return token;
  }
}

function digestOf(secret: string): string {
  return hash("sha256", secret, "hex");
}

function toRecord({ digest: _, ...record }: StoredToken): TokenRecord {
  return record;
}
