import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../../../bench/soak/random.ts";
import { pick } from "../../fuzz/mutate.ts";
import { tell } from "./tell.ts";
import type { Victim } from "./victim.ts";

const RECORDER = "recorder";
const SIZES = [0, 1, 100, 10_000, 200_000];

export interface CallersOptions {
  readonly victim: Victim;
  readonly random: Random;
  readonly isOver: () => boolean;
  readonly fault: (words: string) => void;
}

interface Accepted {
  readonly body: string;
}

/** They invoke a function, now and later, and remember what they were promised. */
export class Callers {
  readonly counts = { answered: 0, cut: 0, refused: 0, accepted: 0, completed: 0, dead: 0 };
  /** Asked directly, whatever came of it. */
  readonly direct: string[] = [];
  /** All that were answered 202. */
  readonly accepted = new Set<string>();
  /** Of these, those that were given up, which they may be without having run. */
  readonly dead = new Set<string>();
  /** Of those accepted, those whose end was not seen yet. */
  readonly open = new Map<string, Accepted>();
  readonly #options: CallersOptions;
  #asked = 0;

  constructor(options: CallersOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const several = <Result>(times: number, action: () => Promise<Result>) =>
      Array.from({ length: times }, action);
    await Promise.all([
      ...several(2, () => this.#repeat(() => this.#invoke())),
      ...several(2, () => this.#repeat(() => this.#submit())),
    ]);
  }

  /** Looks what became of all that were accepted and had not ended when it was looked last. */
  async look(): Promise<void> {
    for (const [callId, { body }] of this.open) {
      const told = await tell(this.#options.victim.port, "GET", `/system/async/${callId}`);
      if (told === undefined) return;
      if (told.status !== 200) {
        this.#options.fault(`${callId} was accepted and is lost: ${told.status} ${told.body}`);
        this.open.delete(callId);
        continue;
      }
      const { state, answer } = JSON.parse(told.body);
      if (state !== "completed" && state !== "dead") continue;
      this.open.delete(callId);
      this.counts[state as "completed" | "dead"]++;
      if (state === "dead") this.dead.add(callId);
      const isRight = state === "dead" || (answer?.status === 200 && answer.body === body);
      if (!isRight) this.#options.fault(`${callId} has a wrong answer: ${told.body.slice(0, 300)}`);
    }
  }

  async #repeat(action: () => Promise<void>): Promise<void> {
    while (!this.#options.isOver()) {
      const { cut } = this.counts;
      await action();
      // Mostly nobody listens then, for a while.
      await delay(20 + this.#options.random.below(this.counts.cut > cut ? 300 : 60));
    }
  }

  #create(kind: string) {
    const { random } = this.#options;
    const callId = `${kind}-${++this.#asked}`;
    const line = `${callId} ${random.next()}\n`;
    const body = line.repeat(Math.ceil(pick(SIZES, random) / line.length));
    const sleep = random.next() < 0.3 ? String(random.next().toFixed(2)) : "0";
    return { callId, body, headers: { "X-Call-Id": callId, "X-Sleep": sleep } };
  }

  async #invoke(): Promise<void> {
    const { callId, body, headers } = this.#create("sync");
    this.direct.push(callId);
    const { port } = this.#options.victim;
    const told = await tell(port, "POST", `/function/${RECORDER}`, body, headers);
    if (told === undefined) this.counts.cut++;
    else if (told.status !== 200) this.#refused(callId, told.status, told.body);
    else if (told.body === body) this.counts.answered++;
    else this.#options.fault(`${callId} was answered ${told.body.length} of ${body.length} bytes`);
  }

  async #submit(): Promise<void> {
    const { callId, body, headers } = this.#create("async");
    const { port } = this.#options.victim;
    const told = await tell(port, "POST", `/async-function/${RECORDER}`, body, headers);
    if (told === undefined) {
      this.counts.cut++;
    } else if (told.status !== 202) {
      this.#refused(callId, told.status, told.body);
    } else {
      this.counts.accepted++;
      this.accepted.add(callId);
      this.open.set(callId, { body });
    }
  }

  /** While its replicas are taken over nobody has one for it; anything else is not to be. */
  #refused(callId: string, status: number, body: string): void {
    this.counts.refused++;
    if (status !== 503 && status !== 502) this.#options.fault(`${callId}: ${status} ${body}`);
  }
}

/** The function that they ask, with a secret. */
export async function deployRecorder(
  port: number,
  envProcess: string,
  replicas: number,
): Promise<void> {
  const secret = await tell(port, "POST", "/system/secrets", { name: "kept", value: "s" });
  const count = String(replicas);
  const deployed = await tell(port, "POST", "/system/functions", {
    ...{ service: RECORDER, image: "functions/alpine:latest", envProcess, secrets: ["kept"] },
    labels: { "com.openfaas.scale.min": count, "com.openfaas.scale.max": count },
  });
  if (secret?.status !== 201 || deployed?.status !== 202) {
    throw new Error(`${secret?.body} ${deployed?.body}`);
  }
}
