/** Why a body never becomes complete: its client closed behind a part of it, took too long, or broke its framing. */
export type BodyFailure = "short" | "late" | "malformed";

/** Whoever answers an exchange is told what becomes of its client. */
export interface ExchangeListener {
  /** What came before on this connection has been answered. */
  onTurn(): void;
  /** The body will never be complete. An answer may still be read. */
  onBodyFailed(failure: BodyFailure): void;
  /** The client has closed its side behind a complete request without having said that it would. */
  onHalfClosed(): void;
  /** Nobody reads an answer any more. The last call. */
  onClientLeft(): void;
  /** The client has taken what it was sent; there may be more. */
  onWritable(): void;
  /** The kernel has all of the answer. The last call. */
  onAnswerSent(): void;
}
