/** What a token is good for: `admin` for all of it, `invoke` for functions that ask for an API key. */
export const SCOPES = ["admin", "read", "deploy", "logs", "alert", "invoke"] as const;

export type Scope = (typeof SCOPES)[number];

/** What is known of a token. Its secret is not. */
export interface TokenRecord {
  /** Public: logs name it, and it is revoked by it. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** `NAME.NAMESPACE` of the functions that it may invoke; empty: all. */
  readonly functions: readonly string[];
  readonly createdAt: Date;
  /** `undefined`: never. */
  readonly expiresAt: Date | undefined;
}

export interface StoredToken extends TokenRecord {
  /** SHA-256, in hex. The secret has 256 random bits, so nobody gets from here to it. */
  readonly digest: string;
}
