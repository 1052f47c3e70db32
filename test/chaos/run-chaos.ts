import { setTimeout as delay } from "node:timers/promises";
import { findFreePort } from "../../bench/server/free-port.ts";
import { findProcesses, killProcesses } from "../../bench/server/processes.ts";
import { createRandom, type Random } from "../../bench/soak/random.ts";
import { pick } from "../fuzz/mutate.ts";
import { until } from "../support/until.ts";
import { type Asked, type AskOptions, ask, type Fate } from "./ask.ts";
import { Replica } from "./replica.ts";

export interface ChaosOptions {
  readonly command: readonly string[];
  /** The function echoes; the rest of the watchdog's configuration besides. */
  readonly variables: Readonly<Record<string, string>>;
  readonly asks: AskOptions;
  /** One of the function's processes is killed after so many milliseconds at most. */
  readonly functionLifeMs: number;
  readonly seed: number;
  readonly milliseconds: number;
}

export interface ChaosReport {
  readonly fates: Readonly<Record<Fate, number>>;
  readonly killed: { readonly functions: number; readonly watchdogs: number };
  readonly starts: number;
  /** In words; empty: nothing was wrong, and nothing is left. */
  readonly faults: readonly string[];
}

const CLIENTS = 12;

/** Kills functions and watchdogs while clients look at every answer. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const mark = `chaos-${process.pid}-${options.seed}-${Date.now() % 1e6}`;
  const variables = {
    metrics_port: "0",
    exec_timeout: "10s",
    term_grace: "200ms",
    healthcheck_interval: "10ms",
    shutdown_timeout: "5s",
    ...options.variables,
    BREEZE_CHAOS: mark,
  };
  const port = await findFreePort();
  const replica = new Replica({ command: options.command, port, variables });
  const chaos = new Chaos(replica, port, options);
  try {
    await replica.start();
    await chaos.run();
    await chaos.findLeftovers(mark);
  } finally {
    killProcesses(mark);
  }
  return chaos;
}

class Chaos implements ChaosReport {
  readonly fates: Record<Fate, number> = { right: 0, refused: 0, cut: 0, nobody: 0, wrong: 0 };
  readonly killed = { functions: 0, watchdogs: 0 };
  readonly faults: string[] = [];
  readonly #replica: Replica;
  readonly #port: number;
  readonly #asks: AskOptions;
  readonly #functionLifeMs: number;
  readonly #random: Random;
  readonly #endsAt: number;
  #asked = 0;

  constructor(replica: Replica, port: number, options: ChaosOptions) {
    this.#replica = replica;
    this.#port = port;
    this.#asks = options.asks;
    this.#functionLifeMs = options.functionLifeMs;
    this.#random = createRandom(options.seed);
    this.#endsAt = performance.now() + options.milliseconds;
  }

  get starts(): number {
    return this.#replica.starts;
  }

  async run(): Promise<void> {
    const clients = Array.from({ length: CLIENTS }, () => this.#client());
    await Promise.all([...clients, this.#killFunctions(), this.#killWatchdogs()]);
  }

  /** After a stop in good order, of which nothing may be left. */
  async findLeftovers(mark: string): Promise<void> {
    await this.#replica.settle();
    const last = await this.#ask();
    if (last.fate !== "right") this.faults.push(`the last request: ${last.fate} (${last.status})`);
    const { exitCode, files } = await this.#replica.stop();
    if (exitCode !== 0) this.faults.push(`it ended with ${exitCode}: ${this.#replica.log}`);
    if (files.length > 0) this.faults.push(`files left: ${files.join(", ")}`);
    const left = () => findProcesses(mark).map(({ pid, name }) => `${name} (${pid})`);
    await until("nothing is left running", () => left().length === 0, 10_000).catch(() => {
      this.faults.push(`left running: ${left().join(", ")}`);
    });
  }

  #ask(): Promise<Asked> {
    return ask(this.#port, ++this.#asked, this.#random, this.#asks);
  }

  get #isOver(): boolean {
    return performance.now() > this.#endsAt;
  }

  async #client(): Promise<void> {
    while (!this.#isOver) {
      const asked: Asked = await this.#ask();
      this.fates[asked.fate]++;
      if (asked.fate === "wrong") this.faults.push(asked.words ?? "");
      if (asked.fate === "nobody") await delay(20);
    }
  }

  async #killFunctions(): Promise<void> {
    while (!this.#isOver) {
      await delay(this.#random.below(this.#functionLifeMs));
      const victims = this.#replica.functions();
      if (victims.length === 0) continue;
      const signal = pick(["SIGKILL", "SIGTERM", "SIGSEGV"] as const, this.#random);
      if (kill(pick(victims, this.#random).pid, signal)) this.killed.functions++;
    }
  }

  /** Any of its processes, at once or in good order. */
  async #killWatchdogs(): Promise<void> {
    while (!this.#isOver) {
      await delay(1_500 + this.#random.below(3_000));
      const { own } = this.#replica;
      const isHard = this.#random.next() < 0.7;
      const victim = isHard ? pick(own, this.#random) : own[0];
      if (victim !== undefined && kill(victim, isHard ? "SIGKILL" : "SIGTERM")) {
        this.killed.watchdogs++;
      }
    }
  }
}

/** False: it has gone by itself. */
function kill(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
