import { toAuthority, type UpstreamAddress } from "../../core/upstream-address.ts";
import { UpstreamPool } from "../../http/proxy/upstream-pool.ts";
import type { Endpoint } from "../../provider/provider.ts";

/** How a request at a replica ended, as far as it says something about the replica. */
export type Verdict = "good" | "unreachable" | "failed" | "none";

/** So many failures in a row are no accident; one that cannot even be connected to is ejected at once. */
const MOST_FAILURES = 5;
const FIRST_EJECTION_MS = 1_000;
const LONGEST_EJECTION_MS = 30_000;

/** One replica as the gateway sees it: what is on its way there, and whether it can be relied on. */
export class Replica {
  readonly id: string;
  /** As it stands in `Host`. */
  readonly authority: string;
  readonly pool: UpstreamPool;
  inFlight = 0;
  maxInflight: number;
  #failures = 0;
  #ejections = 0;
  #ejectedUntil = 0;
  #isRetired = false;

  constructor({ id, host, port, maxInflight }: Endpoint) {
    const address: UpstreamAddress = { host, port, socketPath: undefined, basePath: "" };
    this.id = id;
    this.authority = toAuthority(address);
    this.pool = new UpstreamPool(address);
    this.maxInflight = maxInflight ?? Number.POSITIVE_INFINITY;
  }

  get isFull(): boolean {
    return this.inFlight >= this.maxInflight;
  }

  /** `now`: by `performance.now()`. */
  isEjected(now: number): boolean {
    return this.#ejectedUntil > now;
  }

  begin(): void {
    this.inFlight++;
  }

  end(verdict: Verdict): void {
    this.inFlight--;
    if (verdict === "good") this.#recovered();
    else if (verdict !== "none") this.#failed(verdict);
    if (this.#isRetired && this.inFlight === 0) this.pool.close();
  }

  /** Nobody is sent there any more. What is there may finish. */
  retire(): void {
    this.#isRetired = true;
    if (this.inFlight === 0) this.pool.close();
  }

  #recovered(): void {
    if (this.#failures === 0) return;
    this.#failures = 0;
    this.#ejections = 0;
  }

  /** When its time is over it is asked again, and one more failure is enough then to be sent off for longer. */
  #failed(verdict: "unreachable" | "failed"): void {
    this.#failures++;
    if (verdict === "failed" && this.#failures < MOST_FAILURES) return;
    const now = performance.now();
    // Requests that failed together with the one that was the last straw are one failure.
    if (this.isEjected(now)) return;
    this.#failures = MOST_FAILURES;
    const ejectionMs = Math.min(FIRST_EJECTION_MS * 2 ** this.#ejections, LONGEST_EJECTION_MS);
    this.#ejections++;
    this.#ejectedUntil = now + ejectionMs;
  }
}
