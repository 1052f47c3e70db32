const FAILURES = 5;
const OPEN_MS = 30_000;
/** Of hosts, of which anybody can name as many as there are. */
const MOST_REMEMBERED = 1_000;

interface Circuit {
  failures: number;
  openUntilMs: number;
}

/** Hosts that failed again and again are left alone for a while, then tried by one callback at a time. */
export class Circuits {
  readonly #circuits = new Map<string, Circuit>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How many callbacks may be under way to a host, of `usual` at most. */
  limitOf(host: string, usual: number): number {
    const circuit = this.#circuits.get(host);
    if (circuit === undefined || circuit.failures < FAILURES) return usual;
    return this.#now() < circuit.openUntilMs ? 0 : 1;
  }

  note(host: string, isWell: boolean): void {
    const { failures } = this.#circuits.get(host) ?? { failures: 0 };
    this.#circuits.delete(host);
    if (isWell) return;
    this.#circuits.set(host, { failures: failures + 1, openUntilMs: this.#now() + OPEN_MS });
    const [oldest] = this.#circuits.keys();
    if (this.#circuits.size > MOST_REMEMBERED) this.#circuits.delete(oldest as string);
  }
}
