import { hash, randomBytes } from "node:crypto";
import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { giveToOwner } from "../../core/durable-file.ts";
import { BreezeError } from "../../core/errors.ts";
import { takeLock } from "../../core/folder-lock.ts";
import type { StoredToken, TokenRecord } from "./token.ts";
import { readTokenFile, writeTokenFile } from "./token-file.ts";

export type NewToken = Pick<TokenRecord, "name" | "scopes" | "functions" | "expiresAt">;

/** Below the data directory. */
export const TOKEN_FILE = "tokens.json";

const PREFIX = "brz_";
const TOKEN = /^brz_[\w-]{43}$/;

/** So long what another process has written may be unknown. */
const LOOK_MS = 100;
/** So long another process may take to write. */
const LOCK_MS = 5_000;

/**
 * The gateway's own tokens, in a file: who has it has no token. Any number of processes may have it open: what one of them
 * writes counts in all of them within a tenth of a second.
 */
export class TokenStore {
  readonly #path: string;
  readonly #onUnusable: (error: Error) => void;
  #byDigest = new Map<string, StoredToken>();
  /** Which state of the file is known. */
  #stamp = "";
  #lookedAt = 0;

  /**
   * Throws `DATA_UNUSABLE` where the file is not one of this version's. A file that is not there is an empty store.
   * `onUnusable`: it became so later; until it is mended there are no tokens.
   */
  constructor(path: string, onUnusable: (error: Error) => void = () => {}) {
    this.#path = path;
    this.#onUnusable = onUnusable;
    this.#read();
  }

  /** The secret is given this once. On disk when this returns. Throws `DATA_UNUSABLE` where it cannot be. */
  create(
    token: NewToken,
    now = new Date(),
  ): { readonly secret: string; readonly record: TokenRecord } {
    const secret = PREFIX + randomBytes(32).toString("base64url");
    const id = randomBytes(6).toString("hex");
    const stored: StoredToken = { ...token, id, createdAt: now, digest: digestOf(secret) };
    this.#change((tokens) => [...tokens, stored]);
    return { secret, record: toRecord(stored) };
  }

  /** In the order in which they were made, those that are over too. */
  list(): readonly TokenRecord[] {
    this.#look();
    return [...this.#byDigest.values()].map(toRecord);
  }

  /** False: there is none of this id. It is good for nothing here when this returns. */
  revoke(id: string): boolean {
    let isKnown = false;
    this.#change((tokens) => {
      const kept = tokens.filter((token) => token.id !== id);
      isKnown = kept.length < tokens.length;
      return kept;
    });
    return isKnown;
  }

  /** What a secret is good for now. */
  find(secret: string, now = Date.now()): TokenRecord | undefined {
    if (!TOKEN.test(secret)) return undefined;
    this.#look();
    // A guess is looked up by its digest, of which its author cannot choose the beginning.
    const token = this.#byDigest.get(digestOf(secret));
    if (token?.expiresAt !== undefined && token.expiresAt.getTime() <= now) return undefined;
    return token;
  }

  #look(): void {
    const now = performance.now();
    if (now - this.#lookedAt < LOOK_MS) return;
    this.#lookedAt = now;
    const stamp = stampOf(this.#path);
    if (stamp === this.#stamp) return;
    try {
      this.#read();
    } catch (error) {
      // What is not known any more may have been revoked.
      this.#byDigest.clear();
      this.#stamp = stamp;
      this.#onUnusable(error as Error);
    }
  }

  #read(): void {
    // Before the file itself: what is written in between is seen next time.
    const stamp = stampOf(this.#path);
    this.#byDigest = new Map(readTokenFile(this.#path).map((token) => [token.digest, token]));
    this.#stamp = stamp;
  }

  /** What others have written meanwhile is kept: a token that was revoked must not come back. */
  #change(change: (tokens: readonly StoredToken[]) => readonly StoredToken[]): void {
    using _lock = lock(this.#path);
    this.#read();
    const before = [...this.#byDigest.values()];
    const after = change(before);
    if (after.length === before.length) return;
    writeTokenFile(this.#path, after);
    this.#read();
  }
}

function lock(path: string): Disposable {
  const file = `${path}.lock`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const taken = takeLock(file, LOCK_MS);
    if (taken !== undefined) {
      giveToOwner(file, dirname(path));
      return taken;
    }
  } catch (cause) {
    throw new BreezeError("DATA_UNUSABLE", `${path} cannot be written: ${cause}.`, { cause });
  }
  throw new BreezeError("DATA_UNUSABLE", `${path} is being written by another process.`);
}

/** A file that is put in another one's place has another inode. Why one cannot be looked at is said by whoever reads it. */
function stampOf(path: string): string {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? "" : `${stats.ino} ${stats.mtimeNs} ${stats.size}`;
  } catch (error) {
    return `${(error as NodeJS.ErrnoException).code}`;
  }
}

function digestOf(secret: string): string {
  return hash("sha256", secret, "hex");
}

function toRecord({ digest: _, ...record }: StoredToken): TokenRecord {
  return record;
}
