import { type Server, startServer } from "../../../bench/server/server.ts";
import type { Random } from "../../../bench/soak/random.ts";
import { type Remains, readRemains } from "../../../bench/soak/remains.ts";
import { findAnswerFault, type Heard, type HeardAnswer } from "../check-answers.ts";
import { mutate, pick } from "../mutate.ts";
import type { FuzzTarget } from "../target.ts";
import { corpus } from "./corpus.ts";

/** Caches fill; what grows without end grows by more. */
const MEMORY_MIB = 64;

/** Every status that the watchdog has for a function that echoes. */
const STATUSES = new Set([
  100, 200, 307, 400, 404, 405, 408, 413, 414, 417, 429, 431, 500, 501, 503, 505,
]);

/** A watchdog whose function gives back what it is sent. */
export class WatchdogTarget implements FuzzTarget {
  readonly #server: Server;
  readonly #mark: string;
  #before: Remains | undefined;

  private constructor(server: Server, mark: string) {
    this.#server = server;
    this.#mark = mark;
  }

  static async start(command: readonly string[], seed: number): Promise<WatchdogTarget> {
    const mark = `fuzz-${process.pid}-${seed}`;
    const server = await startServer({
      name: "fuzz",
      command,
      environment: { fprocess: "cat", exec_timeout: "5s", read_timeout: "2s", BREEZE_FUZZ: mark },
      isolation: { cpuGroups: false, networks: false },
    });
    return new WatchdogTarget(server, mark);
  }

  get port(): number {
    return this.#server.port;
  }

  draw(random: Random): string {
    return mutate(pick(corpus, random), corpus, random);
  }

  findFault(sent: string, heard: Heard): string | undefined {
    const findFault = (answer: HeardAnswer) => findEchoFault(sent, answer);
    return findAnswerFault(sent, heard, { statuses: STATUSES, findFault });
  }

  async findFailure(): Promise<string | undefined> {
    const health = await fetch(`http://127.0.0.1:${this.port}/_/health`);
    return health.status === 200 ? undefined : `health says ${health.status}`;
  }

  async look(): Promise<void> {
    this.#before = await readRemains(this.#server, this.#mark);
  }

  async findLeftovers(): Promise<string[]> {
    const before = this.#before as Remains;
    const after = await readRemains(this.#server, this.#mark, before.descriptors);
    const grown = after.memoryMiB - before.memoryMiB;
    const descriptors = after.descriptors.some(
      (count, index) => count > (before.descriptors[index] ?? 0),
    );
    const faults: [boolean, string][] = [
      [descriptors, `descriptors: ${before.descriptors} before, ${after.descriptors} after`],
      [after.zombies > 0, `${after.zombies} zombies`],
      [after.leftovers.length > 0, `left running: ${after.leftovers.join(", ")}`],
      [grown > MEMORY_MIB, `memory grew by ${grown.toFixed(1)} MiB`],
    ];
    return faults.filter(([isFault]) => isFault).map(([, text]) => text);
  }

  async stop(): Promise<string | undefined> {
    const { exitCode, signal } = await this.#server.stop();
    return exitCode === 0
      ? undefined
      : `it ended with ${exitCode ?? signal}: ${this.#server.log()}`;
  }
}

function findEchoFault(sent: string, { status, header, body }: HeardAnswer): string | undefined {
  if (header("content-length") === undefined)
    return "an answer of a buffered mode without a length";
  const isEcho = /chunked/i.test(sent) || sent.includes(body);
  if (status === 200 && body !== "OK" && !isEcho) {
    return `a body that was not sent: ${JSON.stringify(body.slice(0, 200))}`;
  }
  return undefined;
}
