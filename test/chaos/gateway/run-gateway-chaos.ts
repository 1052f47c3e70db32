import { readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { killProcesses } from "../../../bench/server/processes.ts";
import { createRandom, type Random } from "../../../bench/soak/random.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";
import { until } from "../../support/until.ts";
import { Callers, deployRecorder } from "./callers.ts";
import { countReplicas } from "./count-replicas.ts";
import { judgeRuns, Ledger } from "./ledger.ts";
import { FunctionOperator, SecretOperator } from "./operator.ts";
import {
  countReplicaFolders,
  countSecretFiles,
  findCorruption,
  findOpenFiles,
  Replicas,
} from "./remains.ts";
import { Victim } from "./victim.ts";

export interface GatewayChaosOptions {
  readonly seed: number;
  readonly milliseconds: number;
  /** As many at least, however long it takes. @defaultValue 1 */
  readonly kills?: number;
  /** Of the gateway's configuration, besides. */
  readonly variables?: Readonly<Record<string, string>>;
}

export interface GatewayChaosReport {
  readonly counts: Callers["counts"];
  readonly kills: number;
  /** Functions and secrets that were made, changed or removed. */
  readonly changes: number;
  readonly replicas: number;
  /** In words; empty: all that was promised was kept, and nothing is left. */
  readonly faults: readonly string[];
}

/** What has begun under a lease is run again when that has run out, and may then fail a few times more. */
const SETTLING_MS = 180_000;
const REPLICAS = 2;

/** Kills a gateway again and again while it is used in every way, and looks whether it keeps what it promised. */
export async function runGatewayChaos(options: GatewayChaosOptions): Promise<GatewayChaosReport> {
  const folder = createTemporaryFolder();
  try {
    const victim = await Victim.create(folder.path, options.variables ?? {});
    return await new GatewayChaos(victim, options).run();
  } finally {
    killProcesses(folder.path);
    folder[Symbol.dispose]();
  }
}

class GatewayChaos {
  readonly #victim: Victim;
  readonly #random: Random;
  readonly #isOver: () => boolean;
  readonly #ledger: Ledger;
  readonly #callers: Callers;
  readonly #operators: readonly (FunctionOperator | SecretOperator)[];
  readonly #replicas: Replicas;
  readonly #faults: string[] = [];

  constructor(victim: Victim, { seed, milliseconds, kills = 1 }: GatewayChaosOptions) {
    const endsAt = performance.now() + milliseconds;
    const isOver = () => performance.now() > endsAt && victim.kills.length >= kills;
    const options = {
      victim,
      isOver,
      fault: (words: string) => this.#faults.push(words),
    };
    const randomOf = (index: number) => createRandom(seed * 101 + index);
    this.#victim = victim;
    this.#isOver = isOver;
    this.#random = randomOf(0);
    this.#ledger = new Ledger(victim.folder);
    this.#callers = new Callers({ ...options, random: randomOf(1) });
    this.#operators = [
      new FunctionOperator({ ...options, random: randomOf(2) }, "passing-a"),
      new FunctionOperator({ ...options, random: randomOf(3) }, "passing-b"),
      new SecretOperator({ ...options, random: randomOf(4) }),
    ];
    this.#replicas = new Replicas(victim);
  }

  async run(): Promise<GatewayChaosReport> {
    this.#victim.start();
    await this.#victim.ready();
    await deployRecorder(this.#victim.port, this.#ledger.command, REPLICAS);
    await Promise.all([
      this.#kill(),
      this.#callers.run(),
      ...this.#operators.map((operator) => operator.run()),
    ]);
    await this.#settle();
    await this.#stop();
    this.#judgeRuns();
    return {
      counts: this.#callers.counts,
      kills: this.#victim.kills.length,
      changes: this.#operators.reduce((sum, { changes }) => sum + changes, 0),
      replicas: this.#replicas.seen,
      faults: this.#faults,
    };
  }

  /** At any moment, its start included. */
  async #kill(): Promise<void> {
    while (!this.#isOver()) {
      // Long enough now and then for runs that nothing can have disturbed.
      const isCalm = this.#random.next() < 0.2;
      await delay(this.#random.below(isCalm ? 10_000 : 2_500));
      this.#replicas.look();
      await this.#victim.kill();
      const corruption = this.#random.next() < 0.3 ? findCorruption(this.#victim.dataFolder) : [];
      this.#faults.push(...corruption);
      this.#victim.start();
      if (this.#random.next() < 0.75) {
        await this.#victim.ready();
        await this.#callers.look();
      }
    }
    await this.#victim.ready();
  }

  /** Until all that was promised is done. */
  async #settle(): Promise<void> {
    const { open } = this.#callers;
    const isSettled = async () => {
      await this.#callers.look();
      if (open.size > 0) await delay(500);
      return open.size === 0;
    };
    await until("all that was accepted has ended", isSettled, SETTLING_MS).catch(() => {
      this.#faults.push(`${open.size} have not ended: ${[...open.keys()].slice(0, 10)}`);
    });
    for (const operator of this.#operators) {
      if (!(await operator.check())) this.#faults.push("the gateway does not answer any more");
    }
    await this.#settleReplicas();
    this.#faults.push(...findOpenFiles(this.#victim.dataFolder));
    const secrets = countSecretFiles(this.#victim.dataFolder);
    if (secrets !== REPLICAS) this.#faults.push(`${secrets} replicas have the secret`);
  }

  async #settleReplicas(): Promise<void> {
    let found = "";
    const areThere = async () => {
      const { isRight, words } = await countReplicas(this.#victim, this.#replicas);
      found = words;
      return isRight;
    };
    await until("as many replicas run as are wanted", areThere, 60_000).catch(() => {
      this.#faults.push(found);
    });
  }

  /** In good order, of which nothing may be left. */
  async #stop(): Promise<void> {
    const exitCode = await this.#victim.stop();
    if (exitCode !== 0) this.#faults.push(`it ended with ${exitCode}: ${this.#victim.log}`);
    await until("nothing runs", () => this.#replicas.left().length === 0).catch(() => {
      this.#faults.push(`left running: ${this.#replicas.left().join(", ")}`);
    });
    this.#faults.push(...findCorruption(this.#victim.dataFolder));
    const files = readdirSync(this.#victim.temporaryFolder);
    if (files.length > 0) this.#faults.push(`left in TMPDIR: ${files.join(", ")}`);
    const folders = countReplicaFolders(this.#victim.dataFolder);
    if (folders > 0) this.#faults.push(`${folders} folders of replicas are left`);
  }

  #judgeRuns(): void {
    const runs = this.#ledger.read();
    for (const own of runs.values()) this.#faults.push(...judgeRuns(own, this.#victim.kills));
    for (const callId of this.#callers.direct) {
      const times = runs.get(callId)?.length ?? 0;
      if (times > 1) this.#faults.push(`${callId} was asked once and ran ${times} times`);
    }
    const { accepted, dead } = this.#callers;
    for (const callId of accepted) {
      if (!dead.has(callId) && !runs.has(callId))
        this.#faults.push(`${callId} was accepted and never ran`);
    }
  }
}
