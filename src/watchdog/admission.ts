import type { Answer } from "./response.ts";

/** Who may have a process now. */
export interface Admission {
  /** As many invocations are running as may. */
  readonly isFull: boolean;
  readonly limit: number;
  /** Takes a place, if there is one. Whoever has it gives it back, once. */
  enter(): boolean;
  leave(): void;
}

/** Word for word as the Go watchdogs refuse. */
export function refuseAdmission(limit: number): Answer {
  return {
    status: 429,
    headers: ["Content-Type", "text/plain", "X-Openfaas-Internal", "faas-middleware"],
    body: `Concurrent request limit exceeded. Max concurrent requests: ${limit}\n`,
  };
}

/** `limit` is the number of places; 0: any number. */
export function createAdmission(limit: number): Admission {
  let taken = 0;
  return {
    limit,
    get isFull() {
      return limit > 0 && taken >= limit;
    },
    enter() {
      if (limit > 0 && taken >= limit) return false;
      taken++;
      return true;
    },
    leave() {
      taken--;
    },
  };
}
