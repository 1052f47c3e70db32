import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Random } from "../../../bench/soak/random.ts";
import { pick } from "../../fuzz/mutate.ts";
import { type Told, tell } from "./tell.ts";
import type { Victim } from "./victim.ts";

export interface OperatorOptions {
  readonly victim: Victim;
  readonly random: Random;
  readonly isOver: () => boolean;
  readonly fault: (words: string) => void;
}

/** `undefined`: it is not there. */
type State = object | undefined;

interface Change {
  readonly what: string;
  readonly after: State;
  readonly ask: () => Promise<Told | undefined>;
  readonly success: readonly number[];
}

/** Changes one thing again and again, and remembers how it has to be: what was acknowledged is so, whatever was killed since. */
abstract class Operator {
  changes = 0;
  protected readonly options: OperatorOptions;
  /** Of a change that was not answered nobody knows whether it was made. */
  #possible: readonly State[] = [undefined];
  #last = "nothing";

  constructor(options: OperatorOptions) {
    this.options = options;
  }

  async run(): Promise<void> {
    const { isOver, random } = this.options;
    while (!isOver()) {
      if (await this.check()) await this.#change();
      await delay(50 + random.below(400));
    }
  }

  /** False: there was no answer. */
  async check(): Promise<boolean> {
    const found = await this.look();
    if (found === "unknown") return false;
    if (!this.#possible.some((state) => isDeepStrictEqual(state, found))) {
      const wanted = JSON.stringify(this.#possible);
      const words = `is ${JSON.stringify(found)} behind ${this.#last}, expected one of ${wanted}`;
      this.options.fault(`${this.name} ${words}`);
    }
    this.#possible = [found];
    return true;
  }

  protected abstract readonly name: string;
  protected abstract look(): Promise<State | "unknown">;
  protected abstract next(before: State): Change;

  async #change(): Promise<void> {
    const before = this.#possible[0];
    const { what, after, ask, success } = this.next(before);
    const told = await ask();
    this.#last = `${what} (${told?.status ?? "no answer"})`;
    this.changes++;
    if (told === undefined) this.#possible = [before, after];
    else if (success.includes(told.status)) this.#possible = [after];
    else this.options.fault(`${this.name}: ${what}: ${told.status} ${told.body}`);
  }

  protected tell(method: string, path: string, body?: object): Promise<Told | undefined> {
    return tell(this.options.victim.port, method, path, body);
  }
}

interface Deployed {
  readonly mark: string;
  readonly replicas: number;
}

/** Deploys a function, updates, scales and removes it. */
export class FunctionOperator extends Operator {
  protected readonly name: string;
  #marks = 0;

  constructor(options: OperatorOptions, name: string) {
    super(options);
    this.name = name;
  }

  protected async look(): Promise<State | "unknown"> {
    const told = await this.tell("GET", `/system/function/${this.name}`);
    if (told === undefined) return "unknown";
    if (told.status !== 200) return told.status === 404 ? undefined : { status: told.status };
    const { annotations, replicas = 0 } = JSON.parse(told.body);
    return { mark: annotations.mark, replicas } satisfies Deployed;
  }

  protected next(before: State): Change {
    const { random } = this.options;
    if (before === undefined) return this.#deploy("POST", 1);
    const { mark, replicas } = before as Deployed;
    const kind = pick(["update", "scale", "scale", "remove"] as const, random);
    if (kind === "update") return this.#deploy("PUT", replicas);
    if (kind === "remove") {
      const body = { functionName: this.name };
      const ask = () => this.tell("DELETE", "/system/functions", body);
      return { what: kind, after: undefined, ask, success: [200, 202] };
    }
    const to = random.below(3);
    const path = `/system/scale-function/${this.name}`;
    const ask = () => this.tell("POST", path, { serviceName: this.name, replicas: to });
    return { what: `scale to ${to}`, after: { mark, replicas: to }, ask, success: [200, 202] };
  }

  #deploy(method: "POST" | "PUT", replicas: number): Change {
    const mark = `${++this.#marks}`;
    const body = {
      service: this.name,
      image: "functions/alpine:latest",
      envProcess: "cat",
      annotations: { mark },
      // Nobody but us says how many there are.
      labels: { "com.openfaas.scale.min": "1", "com.openfaas.scale.max": "1" },
    };
    const ask = () => this.tell(method, "/system/functions", body);
    const after: Deployed = { mark, replicas };
    return { what: `${method} of mark ${mark}`, after, ask, success: [200, 202] };
  }
}

/** Makes a secret, and removes it. */
export class SecretOperator extends Operator {
  protected readonly name = "passing-secret";

  protected async look(): Promise<State | "unknown"> {
    const told = await this.tell("GET", "/system/secrets");
    if (told === undefined) return "unknown";
    const names = (JSON.parse(told.body) as { name: string }[]).map(({ name }) => name);
    return names.includes(this.name) ? {} : undefined;
  }

  protected next(before: State): Change {
    const { name } = this;
    const method = before === undefined ? "POST" : "DELETE";
    const ask = () => this.tell(method, "/system/secrets", { name, value: "s" });
    const after = before === undefined ? {} : undefined;
    return { what: method, after, ask, success: [200, 201, 202] };
  }
}
