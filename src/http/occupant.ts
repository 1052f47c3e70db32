import type { BodyFailure } from "./exchange-listener.ts";

/** Whoever has a turn on a connection, as the connection sees it. */
export interface Occupant {
  /** Its request is here as a whole: what comes from now on belongs to others. */
  readonly isReceived: boolean;
  /** Its client may close its side and still wait for the answer. */
  readonly mayHalfClose: boolean;
  /** For how long, since it was asked last, a body was not taken from its client, who is not late by that. */
  takeHeldBackMs(): number;
  /** It is its turn. */
  begin(): void;
  /** What is missing of its request will never come. Perhaps before its turn. */
  bodyFailed(failure: BodyFailure): void;
  halfClosed(): void;
  connectionLost(): void;
}

/** The turn of what the server says by itself, whatever its client does. */
export function inTurn(begin: () => void): Occupant {
  return { ...INDIFFERENT, begin };
}

const INDIFFERENT: Omit<Occupant, "begin"> = {
  isReceived: true,
  mayHalfClose: true,
  takeHeldBackMs: () => 0,
  bodyFailed() {},
  halfClosed() {},
  connectionLost() {},
};
