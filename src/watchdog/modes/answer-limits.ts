/** How long an answer may take: until it begins, and, where it is no stream, until its end. A stream has limits of its own. */
export class AnswerLimits {
  readonly #onPassed: () => void;
  #deadline: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(onPassed: () => void) {
    this.#onPassed = onPassed;
  }

  /** 0: no limit. */
  start(deadlineMs: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = deadlineMs > 0 ? setTimeout(this.#onPassed, deadlineMs) : undefined;
  }

  becomeStream(idleMs: number, limitMs: number): void {
    this.start(limitMs);
    if (idleMs > 0) this.#idle = setTimeout(this.#onPassed, idleMs);
  }

  /** Something has come. */
  touch(): void {
    this.#idle?.refresh();
  }

  end(): void {
    clearTimeout(this.#deadline);
    clearTimeout(this.#idle);
  }
}
