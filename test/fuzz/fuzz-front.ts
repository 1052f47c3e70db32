import { type Server, startServer } from "../../bench/server/server.ts";
import { createRandom, type Random } from "../../bench/soak/random.ts";
import { readRemains } from "../../bench/soak/remains.ts";
import { findAnswerFault } from "./check-answers.ts";
import { corpus } from "./corpus.ts";
import { mutate, pick } from "./mutate.ts";
import { drawManner, type Manner, visit } from "./visit.ts";

export interface FuzzOptions {
  readonly command: readonly string[];
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
/** Caches fill; what grows without end grows by more. */
const MEMORY_MIB = 64;

/** Sends a watchdog whatever may come, and looks whether all that comes back is answers, and whether anything stays. */
export async function fuzzFront(options: FuzzOptions): Promise<FuzzReport> {
  const mark = `fuzz-${process.pid}-${options.seed}`;
  const server = await startServer({
    name: "fuzz",
    command: options.command,
    environment: { fprocess: "cat", exec_timeout: "5s", read_timeout: "2s", BREEZE_FUZZ: mark },
    isolation: { cpuGroups: false, networks: false },
  });
  const fuzz = new Fuzz(server, createRandom(options.seed));
  try {
    await fuzz.run(options.milliseconds / 4);
    const before = await readRemains(server, mark);
    await fuzz.run((options.milliseconds * 3) / 4);
    const after = await readRemains(server, mark, before.descriptors);
    await fuzz.findLeftovers(before, after);
  } finally {
    const { exitCode, signal } = await server.stop();
    if (exitCode !== 0) fuzz.faults.push(`it ended with ${exitCode ?? signal}: ${server.log()}`);
  }
  return fuzz;
}

type Remains = Awaited<ReturnType<typeof readRemains>>;

class Fuzz implements FuzzReport {
  visits = 0;
  answers = 0;
  readonly faults: string[] = [];
  readonly #server: Server;
  readonly #random: Random;

  constructor(server: Server, random: Random) {
    this.#server = server;
    this.#random = random;
  }

  async run(milliseconds: number): Promise<void> {
    const endsAt = performance.now() + milliseconds;
    const client = async () => {
      while (performance.now() < endsAt && this.faults.length < MOST_FAULTS) await this.#visit();
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
  }

  async findLeftovers(before: Remains, after: Remains): Promise<void> {
    const grown = after.memoryMiB - before.memoryMiB;
    const descriptors = after.descriptors.some(
      (count, index) => count > (before.descriptors[index] ?? 0),
    );
    if (descriptors) {
      this.faults.push(`descriptors: ${before.descriptors} before, ${after.descriptors} after`);
    }
    if (after.zombies > 0) this.faults.push(`${after.zombies} zombies`);
    if (after.leftovers.length > 0) this.faults.push(`left running: ${after.leftovers.join(", ")}`);
    if (grown > MEMORY_MIB) this.faults.push(`memory grew by ${grown.toFixed(1)} MiB`);
    const health = await fetch(`http://127.0.0.1:${this.#server.port}/_/health`);
    if (health.status !== 200) this.faults.push(`health says ${health.status}`);
  }

  async #visit(): Promise<void> {
    const text = mutate(pick(corpus, this.#random), corpus, this.#random);
    const manner = drawManner(text.length, this.#random);
    const heard = await visit(this.#server.port, text, manner);
    this.visits++;
    this.answers += heard.text.split("HTTP/1.1 ").length - 1;
    const fault = manner.leaves === "resets" ? undefined : findAnswerFault(text, heard);
    if (fault !== undefined) this.faults.push(describe(fault, text, manner));
  }
}

const describe = (fault: string, sent: string, { cuts, leaves }: Manner): string =>
  `${fault}\n  sent: ${JSON.stringify(sent)}\n  in pieces up to ${cuts.join(", ") || "the end"}; then ${leaves}`;
