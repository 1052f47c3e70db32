import { fileURLToPath } from "node:url";
import { describeDescriptors, killProcesses } from "../server/processes.ts";
import { type Server, startServer } from "../server/server.ts";
import { type Client, createClient } from "./client.ts";
import { findFault } from "./expectation.ts";
import { watchHealth } from "./health-watch.ts";
import type { Kind, Mode } from "./kind.ts";
import { listKinds } from "./kinds.ts";
import { createMixture } from "./mixture.ts";
import { createRandom, type Random } from "./random.ts";
import { readRemains } from "./remains.ts";
import type { KindCount, SoakReport } from "./report.ts";
import {
  createVanishingProgram,
  saysNoProgram,
  type VanishingProgram,
} from "./vanishing-program.ts";

export interface SoakOptions {
  readonly command: readonly string[];
  readonly mode: Mode;
  readonly length: { readonly requests: number } | { readonly minutes: number };
  readonly clients: number;
  /** The same seed draws the same requests. */
  readonly seed: number;
  readonly deadlineMs: number;
  report(line: string): void;
}

const misbehaves = fileURLToPath(new URL("../../test/fixtures/misbehaves", import.meta.url));
const vanishIntervalMs = 2_000;
const wrongToTell = 20;

/** Mixed requests against a watchdog of its own, and what is left of them afterwards. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  using program = createVanishingProgram(misbehaves, vanishIntervalMs);
  const mark = `${process.pid}${options.seed}${Date.now() % 1e6}`;
  const server = await startServer({
    name: "soak",
    command: options.command,
    environment: {
      mode: options.mode,
      fprocess: program.path,
      exec_timeout: `${options.deadlineMs}ms`,
      term_grace: "300ms",
      combine_output: "false",
      SOAK_MARK: mark,
    },
    isolation: { cpuGroups: false, networks: false },
  });
  try {
    program.begin();
    return await soakServer(server, program, mark, options);
  } finally {
    await server.stop();
    killProcesses(mark);
  }
}

async function soakServer(
  server: Server,
  program: VanishingProgram,
  mark: string,
  options: SoakOptions,
): Promise<SoakReport> {
  const random = createRandom(options.seed);
  const soak = new Soak(server, program, random, options);
  const begun = performance.now();
  // What is opened once, at the first request of its kind, is no leak.
  await soak.send(0.05);
  const before = await readRemains(server, mark);
  await soak.send(0.05);
  const early = await readRemains(server, mark, before.descriptors);
  options.report(`memory ${early.memoryMiB.toFixed(1)} MiB, descriptors ${early.descriptors}`);
  const health = watchHealth(server.port);
  await soak.send(0.9);
  const healthCount = health.stop();
  const late = await readRemains(server, mark, before.descriptors);
  const grown = server.pids.filter(
    (_, index) => (late.descriptors[index] ?? 0) > (before.descriptors[index] ?? 0),
  );
  return {
    ...soak.counts(),
    seconds: (performance.now() - begun) / 1e3,
    health: healthCount,
    descriptors: { before: before.descriptors, after: late.descriptors },
    descriptorsLeft: grown.flatMap(describeDescriptors),
    zombies: late.zombies,
    leftovers: late.leftovers,
    memoryMiB: { early: early.memoryMiB, late: late.memoryMiB },
    ending: await server.stop(),
    log: server.log(),
  };
}

/** Clients that send what the mixture says and look at what they get. */
class Soak {
  #server: Server;
  #program: VanishingProgram;
  #random: Random;
  #options: SoakOptions;
  #draw: () => Kind;
  #kinds: Record<string, KindCount> = {};
  #wrong: string[] = [];
  #vanished = 0;
  #sent = 0;

  constructor(server: Server, program: VanishingProgram, random: Random, options: SoakOptions) {
    this.#server = server;
    this.#program = program;
    this.#random = random;
    this.#options = options;
    this.#draw = createMixture(listKinds(options.mode), random);
  }

  /** A part of the whole. Resolves when all are answered, or their clients have left, and no connection is open. */
  async send(part: number): Promise<void> {
    const isMore = countDown(this.#options.length, part);
    const work = async () => {
      const client = createClient(this.#server.port, this.#random);
      while (isMore()) await this.#sendOne(client);
      client.close();
    };
    await Promise.all(Array.from({ length: this.#options.clients }, work));
  }

  counts(): Pick<SoakReport, "requests" | "kinds" | "wrong" | "vanished"> {
    const [kinds, wrong, vanished] = [this.#kinds, this.#wrong, this.#vanished];
    return { requests: this.#sent, kinds, wrong, vanished };
  }

  async #sendOne(client: Client): Promise<void> {
    const kind = this.#draw();
    const body = makeBody(kind.bodyBytes, this.#sent);
    this.#kinds[kind.name] ??= { sent: 0, wrong: 0, slowestMs: 0 };
    const count = this.#kinds[kind.name] as KindCount;
    count.sent++;
    if (++this.#sent % 5_000 === 0) this.#options.report(`${this.#sent} requests`);
    const begun = performance.now();
    const exchange = await client.send(kind, body);
    count.slowestMs = Math.max(count.slowestMs, exchange.milliseconds);
    const fault =
      findFault(this.#options.mode, kind.fate, body, exchange) ??
      this.#findDelay(kind, exchange.milliseconds);
    if (fault === undefined) return;
    if (this.#program.wasAwaySince(begun) && saysNoProgram(exchange)) this.#vanished++;
    else {
      count.wrong++;
      if (this.#wrong.length < wrongToTell) this.#wrong.push(`${kind.name}: ${fault}`);
    }
  }

  /** No sooner than the deadline, and not long after it: a machine that does much else may take its time. */
  #findDelay(kind: Kind, milliseconds: number): string | undefined {
    if (kind.fate.is !== "timed out") return undefined;
    const { deadlineMs } = this.#options;
    const isRight = milliseconds >= deadlineMs - 20 && milliseconds < deadlineMs + 5_000;
    return isRight ? undefined : `answered after ${milliseconds.toFixed(0)} ms`;
  }
}

/** True as often as there is one more request to send. */
function countDown(length: SoakOptions["length"], part: number): () => boolean {
  if ("minutes" in length) {
    const endsAt = performance.now() + length.minutes * 60_000 * part;
    return () => performance.now() < endsAt;
  }
  let left = Math.ceil(length.requests * part);
  return () => left-- > 0;
}

/** No two bodies are the same: an answer meant for another request shows. */
function makeBody(length: number, seed: number): Buffer {
  const body = Buffer.alloc(length, `${seed} `);
  return body;
}
