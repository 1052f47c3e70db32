import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request as send } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Ending } from "../server/server.ts";

export interface BenchGatewayOptions {
  readonly command: readonly string[];
  /** Besides PATH, ports that are free and the folder. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Where it keeps what it has; without, one of its own, gone with it. */
  readonly folder?: string;
  /** Of every request that it is asked. */
  readonly headers?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly callId: string | undefined;
  readonly milliseconds: number;
}

const START_MS = 60_000;
const STOP_MS = 30_000;
const LOG_LENGTH = 65_536;

/** A gateway of this machine's functions in a process of its own, and what is asked of it. */
export class BenchGateway implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #headers: Readonly<Record<string, string>>;
  readonly #dispose: () => void;
  /** Where it keeps what it has. */
  readonly folder: string;
  #log = "";
  port = 0;
  /** From the start of the process until it listened. */
  startMs = 0;

  private constructor({ command, variables, folder, headers = {} }: BenchGatewayOptions) {
    this.#headers = headers;
    const own = folder ?? mkdtempSync(join(tmpdir(), "breeze-bench-"));
    this.folder = own;
    this.#dispose = () => folder ?? rmSync(own, { recursive: true, force: true });
    const [program = "", ...args] = command;
    const { PATH, HOME } = process.env;
    const standard = { PATH, HOME, port: "0", metrics_port: "0", data_dir: own, samples: "false" };
    this.#child = spawn(program, args, {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...standard, ...variables },
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#log = (this.#log + text).slice(-LOG_LENGTH);
    });
  }

  /** Resolves when it listens. */
  static async start(options: BenchGatewayOptions): Promise<BenchGateway> {
    const begun = performance.now();
    const gateway = new BenchGateway(options);
    while (gateway.port === 0) {
      const started = /"port":(\d+).*"msg":"started"/.exec(gateway.#log)?.[1];
      if (started !== undefined) {
        gateway.port = Number(started);
      } else if (gateway.#child.exitCode !== null || performance.now() - begun > START_MS) {
        await gateway.stop();
        throw new Error(`the gateway did not start:\n${gateway.#log}`);
      } else {
        await sleep(1);
      }
    }
    gateway.startMs = performance.now() - begun;
    return gateway;
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  get log(): string {
    return this.#log;
  }

  async ask(method: string, path: string, body: Buffer | string = ""): Promise<Answer> {
    const begun = performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const options = { method, path, host: "127.0.0.1", port: this.port, agent: this.#agent };
    const headers = { ...this.#headers, "Content-Length": Buffer.byteLength(body) };
    const asked = send({ ...options, headers });
    asked.once("error", reject).once("response", (response) => {
      const status = response.statusCode as number;
      const callId = response.headers["x-call-id"] as string | undefined;
      const toAnswer = (received: Buffer): Answer => {
        return { status, body: received, callId, milliseconds: performance.now() - begun };
      };
      buffer(response).then((received) => resolve(toAnswer(received)), reject);
    });
    asked.end(body);
    return await promise;
  }

  /** Rejects where the gateway does not do it. */
  async tell(method: string, path: string, value: object): Promise<void> {
    const { status, body } = await this.ask(method, path, JSON.stringify(value));
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${body}`);
  }

  /** An echo; `isAsleep`: with no replica, which it may do without. */
  async deploy(service: string, isAsleep: boolean): Promise<void> {
    const labels = isAsleep ? { "com.openfaas.scale.zero": "true" } : {};
    const image = "functions/alpine:latest";
    const zero = isAsleep ? { "com.openfaas.scale.min": "0" } : {};
    const spec = { service, image, envProcess: "cat", labels: { ...labels, ...zero } };
    await this.tell("POST", "/system/functions", spec);
  }

  async scale(service: string, replicas: number): Promise<void> {
    await this.tell("POST", `/system/scale-function/${service}`, {
      serviceName: service,
      replicas,
    });
  }

  async countReady(service: string): Promise<number> {
    const { body } = await this.ask("GET", `/system/function/${service}`);
    return (JSON.parse(String(body)) as { availableReplicas: number }).availableReplicas;
  }

  /** TERM, then KILL; its replicas end with it. Twice is once. */
  async stop(): Promise<Ending> {
    const child = this.#child;
    this.#agent.destroy();
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      const limit = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await gone;
      clearTimeout(limit);
    }
    this.#dispose();
    return { exitCode: child.exitCode, signal: child.signalCode };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
