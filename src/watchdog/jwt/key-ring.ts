import { setTimeout as delay } from "node:timers/promises";
import { JWKSNoMatchingKey } from "jose/errors";
import type { JWTVerifyGetKey } from "jose/jwt/verify";
import type { JwtConfig } from "../../config/read-jwt.ts";
import type { Telemetry } from "../telemetry.ts";
import { unavailable } from "./get-json.ts";
import { fetchIssuer, type Issuer } from "./issuer.ts";

export interface KeyTimes {
  /** One document of the issuer's must have come after this. */
  readonly fetchLimitMs: number;
  /** How long a start waits for an issuer that does not answer, or wrongly. */
  readonly startLimitMs: number;
  /** Between two attempts of a start, to begin with. */
  readonly retryDelayMs: number;
  /** Keys are fetched again when they are this old: one that was withdrawn counts no longer. */
  readonly maxAgeMs: number;
  /** Tokens with unknown keys, which anybody can send, have them fetched again no more often than this. */
  readonly cooldownMs: number;
}

export const KEY_TIMES: KeyTimes = Object.freeze({
  fetchLimitMs: 5_000,
  startLimitMs: 30_000,
  retryDelayMs: 250,
  maxAgeMs: 300_000,
  cooldownMs: 10_000,
});

const LONGEST_RETRY_DELAY_MS = 4_000;

/** The issuer's keys, kept up to date. */
export class KeyRing implements Disposable {
  readonly #discoveryUrl: URL;
  readonly #isDebug: boolean;
  readonly #telemetry: Telemetry;
  readonly #times: KeyTimes;
  readonly #closing = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #issuer: Issuer | undefined;
  #fetching: Promise<void> | undefined;
  #triedAt = Number.NEGATIVE_INFINITY;

  constructor(config: JwtConfig, telemetry: Telemetry, times: KeyTimes = KEY_TIMES) {
    this.#discoveryUrl = new URL(config.discoveryUrl);
    this.#isDebug = config.isDebug;
    this.#telemetry = telemetry;
    this.#times = times;
    // Replicas that started together need not ask together.
    const ageMs = times.maxAgeMs * (0.9 + Math.random() / 10);
    this.#timer = setInterval(() => void this.#refresh(), ageMs).unref();
  }

  /**
   * Fetches the first keys. An issuer that starts at the same time is waited for; one that is not there at all is a failure
   * that somebody should see: rejects with `KEYS_UNAVAILABLE`.
   */
  async open(stopping: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([stopping, this.#closing.signal]);
    const { startLimitMs, retryDelayMs } = this.#times;
    const giveUpAt = performance.now() + startLimitMs;
    for (let delayMs = retryDelayMs; ; delayMs = Math.min(2 * delayMs, LONGEST_RETRY_DELAY_MS)) {
      try {
        await this.#fetch(signal);
        return;
      } catch (error) {
        const { message } = error as Error;
        if (signal.aborted || performance.now() + delayMs > giveUpAt) {
          throw unavailable(`jwt_auth: there are no keys to check tokens with: ${message}`, error);
        }
        this.#telemetry.warn(`Waiting for the keys that tokens are checked with: ${message}`);
      }
      // A stop is the next attempt's to notice.
      await delay(delayMs, undefined, { signal }).catch(() => {});
    }
  }

  /** Whom tokens must be from, and for. */
  get issuerName(): string {
    return (this.#issuer as Issuer).name;
  }

  /** Rejects with `JWKSNoMatchingKey` where there is none for a token, even if asked again. */
  readonly findKey: JWTVerifyGetKey = async (header, token) => {
    // One without a name is not guessed, as in theirs.
    if (typeof header?.kid !== "string") throw new JWKSNoMatchingKey();
    try {
      return await (this.#issuer as Issuer).findKey(header, token);
    } catch (error) {
      if (!(error instanceof JWKSNoMatchingKey) || !this.#mayAsk) throw error;
    }
    await this.#refresh();
    return await (this.#issuer as Issuer).findKey(header, token);
  };

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#closing.abort();
  }

  get #mayAsk(): boolean {
    const isRested = performance.now() - this.#triedAt >= this.#times.cooldownMs;
    return this.#fetching !== undefined || isRested;
  }

  /** One at a time. What cannot be fetched changes nothing. */
  #refresh(): Promise<void> {
    this.#fetching ??= this.#fetchAgain().finally(() => {
      this.#triedAt = performance.now();
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetchAgain(): Promise<void> {
    const { signal } = this.#closing;
    try {
      await this.#fetch(signal);
    } catch (error) {
      if (signal.aborted) return;
      const { message } = error as Error;
      this.#telemetry.warn(`Tokens are checked with the keys of before: ${message}`);
    }
  }

  async #fetch(signal: AbortSignal): Promise<void> {
    const issuer = await fetchIssuer(this.#discoveryUrl, this.#times.fetchLimitMs, signal);
    this.#issuer = issuer;
    if (!this.#isDebug) return;
    this.#telemetry.info(`[JWT Auth] Issuer: ${issuer.name}\tJWKS URI: ${issuer.keysUrl}`);
    for (const id of issuer.keyIds) this.#telemetry.info(`[JWT Auth] Key: ${id}`);
  }
}
