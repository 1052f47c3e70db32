import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { BenchGateway } from "../scale/bench-gateway.ts";

type Act = "sync" | "unknown" | "abort" | "async" | "wake" | "deploy";

export interface GatewayKind {
  readonly name: Act;
  /** How often, in relation to the others. */
  readonly weight: number;
}

export const KINDS: readonly GatewayKind[] = [
  { name: "sync", weight: 60 },
  { name: "async", weight: 25 },
  { name: "unknown", weight: 5 },
  { name: "abort", weight: 5 },
  { name: "wake", weight: 3 },
  { name: "deploy", weight: 2 },
];

const SLEEPERS = 4;
const PATIENCE_MS = 60_000;
/** Of so many of the last ones it is looked what became of them. */
const CHECKED = 1_000;

/** Does one thing after the other with a gateway, and looks whether the answer is right. */
export class GatewayClient {
  readonly #gateway: BenchGateway;
  #count = 0;
  #queued: string[] = [];
  /** Whoever has one may put it to sleep. */
  readonly #sleepers = Array.from({ length: SLEEPERS }, (_, index) => `sleeper-${index}`);

  private constructor(gateway: BenchGateway) {
    this.#gateway = gateway;
  }

  static async create(gateway: BenchGateway): Promise<GatewayClient> {
    const client = new GatewayClient(gateway);
    await gateway.deploy("echo", false);
    for (const name of client.#sleepers) await gateway.deploy(name, true);
    while ((await gateway.countReady("echo")) === 0) await sleep(50);
    return client;
  }

  /** What was wrong, in words; `undefined`: nothing. */
  async act(name: Act): Promise<string | undefined> {
    switch (name) {
      case "sync":
        return await this.#echo("echo");
      case "unknown":
        return await this.#expect("/function/nobody", 404);
      case "abort":
        return await this.#abort();
      case "async":
        return await this.#queue();
      case "wake":
        return await this.#wake();
      case "deploy":
        return await this.#deploy();
    }
  }

  /** Until all that was queued has run, and those that sleep do. Gives what is wrong with it. */
  async settle(): Promise<string[]> {
    const faults: string[] = [];
    const deadline = performance.now() + PATIENCE_MS;
    for (const callId of this.#queued.splice(0).slice(-CHECKED)) {
      while ((await this.#stateOf(callId)) !== "completed") {
        if (performance.now() > deadline) {
          faults.push(`queued ${callId} is ${await this.#stateOf(callId)}`);
          break;
        }
        await sleep(50);
      }
    }
    for (const name of this.#sleepers) await this.#gateway.scale(name, 0);
    return faults;
  }

  async #echo(name: string): Promise<string | undefined> {
    const sent = `body ${this.#count++} `.repeat(1 + (this.#count % 200));
    const { status, body } = await this.#gateway.ask("POST", `/function/${name}`, sent);
    if (status !== 200) return `${status} ${body}`;
    return String(body) === sent ? undefined : "another body than was sent";
  }

  async #expect(path: string, wanted: number): Promise<string | undefined> {
    const { status, body } = await this.#gateway.ask("POST", path, "x");
    return status === wanted ? undefined : `${status} ${body}`;
  }

  /** Leaves in the middle of its body. */
  async #abort(): Promise<undefined> {
    const socket = connect({ host: "127.0.0.1", port: this.#gateway.port });
    socket.on("error", () => {});
    socket.write("POST /function/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nhalf");
    await sleep(5);
    socket.destroy();
  }

  async #queue(): Promise<string | undefined> {
    const { status, body, callId } = await this.#gateway.ask("POST", "/async-function/echo", "x");
    if (status !== 202 || callId === undefined) return `${status} ${body}`;
    this.#queued.push(callId);
    if (this.#queued.length > 2 * CHECKED) this.#queued = this.#queued.slice(-CHECKED);
    return undefined;
  }

  async #wake(): Promise<string | undefined> {
    const name = this.#sleepers.pop();
    if (name === undefined) return undefined;
    try {
      await this.#gateway.scale(name, 0);
      return await this.#echo(name);
    } finally {
      this.#sleepers.push(name);
    }
  }

  async #deploy(): Promise<string | undefined> {
    const name = `passing-${this.#count++}`;
    await this.#gateway.deploy(name, this.#count % 2 === 0);
    const fault = await this.#echo(name);
    await this.#gateway.tell("DELETE", "/system/functions", { functionName: name });
    return fault ?? (await this.#expect(`/function/${name}`, 404));
  }

  async #stateOf(callId: string): Promise<string> {
    const { status, body } = await this.#gateway.ask("GET", `/system/async/${callId}`);
    return status === 200 ? (JSON.parse(String(body)) as { state: string }).state : `${status}`;
  }
}
