import { setTimeout as sleep } from "node:timers/promises";
import {
  type GatewayRemains,
  KEPT_ALIVE,
  readGatewayRemains,
} from "../../../bench/soak/gateway-remains.ts";
import type { Random } from "../../../bench/soak/random.ts";
import { findAnswerFault, type Heard, type HeardAnswer } from "../check-answers.ts";
import { mutate, pick } from "../mutate.ts";
import type { FuzzTarget } from "../target.ts";
import { Accepted } from "./accepted.ts";
import { findRequestFault } from "./check-request.ts";
import { drawAdminRequest } from "./corpus/admin-requests.ts";
import { corpus } from "./corpus/corpus.ts";
import { KEY_PLACE } from "./corpus/headers.ts";
import { EchoServer, type Seen } from "./echo-server.ts";
import { FuzzedFunctions } from "./functions.ts";
import { AUTHORIZATION, type FuzzedGateway, startFuzzedGateway } from "./fuzzed-gateway.ts";
import { findProbeFault } from "./probe.ts";
import { untilIdle } from "./until-idle.ts";
import { MARK, marksIn, toMark } from "./visit-mark.ts";

/** Every status that the gateway has for its API and for functions that echo: 500 is none of them. */
const STATUSES = new Set([
  ...[100, 101, 200, 201, 202, 204, 307, 400, 401, 403, 404, 405, 408, 409, 413, 414, 417, 422],
  ...[429, 431, 501, 502, 503, 504, 505],
]);

/** Caches fill; what grows without end grows by more. */
const MEMORY_MIB = 64;
const PATIENCE_MS = 15_000;
const SETTLE_MS = 3_000;
/** Of those who come, so many may manage functions. */
const ADMINS = 0.2;
/** So many probes are between two looks at all that must be as it was. */
const PROBES_BETWEEN = 16;

/** A gateway of this machine's functions, all of which give back what they are sent. */
export class GatewayTarget implements FuzzTarget {
  readonly #fuzzed: FuzzedGateway;
  readonly #echo: EchoServer;
  readonly #functions: FuzzedFunctions;
  readonly #accepted = new Accepted();
  /** What functions got that they must not get, each with all of it. */
  readonly #wrong: string[] = [];
  #state = "";
  #before: GatewayRemains | undefined;
  #visits = 0;
  #probes = 0;

  private constructor(fuzzed: FuzzedGateway, echo: EchoServer) {
    this.#fuzzed = fuzzed;
    this.#echo = echo;
    this.#functions = new FuzzedFunctions(fuzzed.gateway);
  }

  static async start(): Promise<GatewayTarget> {
    const fuzzed = await startFuzzedGateway();
    const echo = await EchoServer.start((seen) => target.#see(seen));
    const target = new GatewayTarget(fuzzed, echo);
    await target.#functions.deploy(echo);
    target.#state = await target.#functions.describe();
    return target;
  }

  get port(): number {
    return this.#fuzzed.gateway.port;
  }

  draw(random: Random): string {
    if (random.next() < ADMINS) return drawAdminRequest(AUTHORIZATION, random);
    const text = pick(corpus, random);
    return (random.next() < 0.4 ? text : mutate(text, corpus, random))
      .replaceAll(MARK, toMark(this.#visits++))
      .replaceAll(KEY_PLACE, this.#fuzzed.key);
  }

  findFault(sent: string, heard: Heard): string | undefined {
    const own = new Set(marksIn(sent));
    const findFault = (answer: HeardAnswer) => this.#findAnswerFault(answer, own);
    const fault = findAnswerFault(sent, heard, { statuses: STATUSES, findFault });
    // What goes on for ever has no end.
    const isFollowing = /[?&]follow=(?:1|true)/.test(sent) && fault?.startsWith("cut in a body");
    return (isFollowing ? undefined : fault) ?? this.#wrong.shift();
  }

  async findFailure(): Promise<string | undefined> {
    const number = this.#probes++;
    const name = number % PROBES_BETWEEN === 0 ? "sleeper" : "echo";
    const fault = await findProbeFault(this.port, name, number);
    if (number % PROBES_BETWEEN !== 1) return fault;
    await this.#functions.clear();
    return fault ?? (await this.#findChange());
  }

  async look(): Promise<void> {
    this.#wrong.push(...(await this.#rest()));
    this.#before = readGatewayRemains(this.#fuzzed.gateway);
  }

  async findLeftovers(): Promise<string[]> {
    const faults = await this.#rest();
    const change = await this.#findChange();
    const before = this.#before as GatewayRemains;
    const deadline = performance.now() + PATIENCE_MS;
    let grown = this.#findGrown(before);
    while (grown.length > 0 && performance.now() < deadline) {
      await sleep(200);
      grown = this.#findGrown(before);
    }
    return [...this.#wrong, ...faults, ...grown, ...(change === undefined ? [] : [change])];
  }

  async stop(): Promise<string | undefined> {
    const { gateway, clearAway } = this.#fuzzed;
    const { exitCode, signal } = await gateway.stop();
    await this.#echo.close();
    clearAway();
    return exitCode === 0 ? undefined : `it ended with ${exitCode ?? signal}: ${gateway.log}`;
  }

  #see(seen: Seen): void {
    const fault = findRequestFault(seen, this.#fuzzed.key);
    if (fault !== undefined) this.#wrong.push(`${fault}\n  seen: ${JSON.stringify(seen)}`);
  }

  #findAnswerFault({ status, header, body }: HeardAnswer, own: Set<string>): string | undefined {
    const callId = header("x-call-id");
    if (status === 202 && callId !== undefined) this.#accepted.add(callId);
    if (header("x-echo") === undefined) {
      return /\n {4}at |node:internal/.test(body) ? `a stack: ${body}` : undefined;
    }
    const foreign = marksIn(body).find((mark) => !own.has(mark));
    return foreign === undefined ? undefined : `the answer to another, ${foreign}: ${body}`;
  }

  async #findChange(): Promise<string | undefined> {
    const state = await this.#functions.describe();
    return state === this.#state ? undefined : `changed: ${this.#state}\n  is now ${state}`;
  }

  /** Until nobody is served any more, and nothing is there but what was there in the beginning. */
  async #rest(): Promise<string[]> {
    const { gateway } = this.#fuzzed;
    const faults = [...(await untilIdle(gateway)), ...(await this.#accepted.settle(gateway))];
    await this.#functions.rest();
    await sleep(SETTLE_MS);
    return faults;
  }

  #findGrown(before: GatewayRemains): string[] {
    const after = readGatewayRemains(this.#fuzzed.gateway);
    const most: Readonly<Record<keyof GatewayRemains, number>> = {
      descriptors: before.descriptors + KEPT_ALIVE,
      zombies: 0,
      processes: before.processes,
      folders: before.folders,
      memoryMiB: before.memoryMiB + MEMORY_MIB,
    };
    const names = Object.keys(most) as (keyof GatewayRemains)[];
    return names
      .filter((name) => after[name] > most[name])
      .map((name) => `${name} grew from ${before[name]} to ${after[name]}`);
  }
}
