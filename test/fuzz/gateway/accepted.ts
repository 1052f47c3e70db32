import { setTimeout as sleep } from "node:timers/promises";
import type { BenchGateway } from "../../../bench/scale/bench-gateway.ts";

/** Of so many of the last ones it is looked what became of them. */
const CHECKED = 300;
const PATIENCE_MS = 30_000;

/** What the gateway has answered 202 to. */
export class Accepted {
  readonly #callIds = new Set<string>();

  add(callId: string): void {
    this.#callIds.add(callId);
    if (this.#callIds.size > 2 * CHECKED) this.#forgetTo(CHECKED);
  }

  /** Waits until all of them are done, but for what is to wait longer. Gives what is wrong with them; they are forgotten then. */
  async settle(gateway: BenchGateway): Promise<string[]> {
    const faults: string[] = [];
    const deadline = performance.now() + PATIENCE_MS;
    for (const callId of this.#callIds) {
      let state = await stateOf(gateway, callId);
      while (/^(queued|running)$/.test(state) && performance.now() < deadline) {
        await sleep(50);
        state = await stateOf(gateway, callId);
      }
      if (!/^(completed|delayed)$/.test(state))
        faults.push(`what was accepted as ${callId} is ${state}`);
    }
    this.#forgetTo(0);
    return faults;
  }

  #forgetTo(count: number): void {
    for (const callId of this.#callIds) {
      if (this.#callIds.size <= count) return;
      this.#callIds.delete(callId);
    }
  }
}

async function stateOf(gateway: BenchGateway, callId: string): Promise<string> {
  const { status, body } = await gateway.ask("GET", `/system/async/${callId}`);
  return status === 200 ? (JSON.parse(String(body)) as { state: string }).state : `${status}`;
}
