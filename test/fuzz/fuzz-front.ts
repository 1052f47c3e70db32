import { createRandom, type Random } from "../../bench/soak/random.ts";
import type { FuzzTarget } from "./target.ts";
import { drawManner, type Manner, visit } from "./visit.ts";

export interface FuzzOptions {
  readonly start: () => Promise<FuzzTarget>;
  /** The same one draws the same requests, in the same order. */
  readonly seed: number;
  readonly milliseconds: number;
}

export interface FuzzReport {
  readonly visits: number;
  readonly answers: number;
  /** In words, with what was sent; empty: nothing was found. */
  readonly faults: readonly string[];
}

const CLIENTS = 8;
const MOST_FAULTS = 10;
/** So many visits of one client are between two looks whether others are served. */
const VISITS_BETWEEN = 8;

/** Sends a server whatever may come, and looks whether all that comes back is answers, and whether anything stays. */
export async function fuzzFront(options: FuzzOptions): Promise<FuzzReport> {
  const target = await options.start();
  const fuzz = new Fuzz(target, createRandom(options.seed));
  try {
    await fuzz.run(options.milliseconds / 4);
    await target.look().catch((error: Error) => fuzz.faults.push(toFailure(error)));
    await fuzz.run((options.milliseconds * 3) / 4);
    fuzz.faults.push(...(await target.findLeftovers().catch((error) => [toFailure(error)])));
  } finally {
    const fault = await target.stop();
    if (fault !== undefined) fuzz.faults.push(fault);
  }
  return fuzz;
}

/** A server that is not there any more says why when it is stopped. */
const toFailure = ({ message }: Error): string => `it cannot be asked: ${message}`;

class Fuzz implements FuzzReport {
  visits = 0;
  answers = 0;
  readonly faults: string[] = [];
  readonly #target: FuzzTarget;
  readonly #random: Random;

  constructor(target: FuzzTarget, random: Random) {
    this.#target = target;
    this.#random = random;
  }

  async run(milliseconds: number): Promise<void> {
    const endsAt = performance.now() + milliseconds;
    const client = async () => {
      while (performance.now() < endsAt && this.faults.length < MOST_FAULTS) await this.#stay();
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
  }

  async #stay(): Promise<void> {
    for (let count = 0; count < VISITS_BETWEEN; count++) await this.#visit();
    const failure = await this.#target.findFailure().catch(toFailure);
    if (failure !== undefined) this.faults.push(failure);
  }

  async #visit(): Promise<void> {
    const text = this.#target.draw(this.#random);
    const manner = drawManner(text.length, this.#random);
    const heard = await visit(this.#target.port, text, manner, (sofar) =>
      this.#target.findFault(text, sofar)?.startsWith("cut"),
    );
    this.visits++;
    this.answers += heard.text.split("HTTP/1.1 ").length - 1;
    const fault = manner.leaves === "resets" ? undefined : this.#target.findFault(text, heard);
    if (fault !== undefined) this.faults.push(describe(fault, text, manner));
  }
}

const describe = (fault: string, sent: string, { cuts, leaves }: Manner): string =>
  `${fault}\n  sent: ${JSON.stringify(sent)}\n  in pieces up to ${cuts.join(", ") || "the end"}; then ${leaves}`;
