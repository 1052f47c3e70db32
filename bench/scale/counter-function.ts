import { get } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findFreePort } from "../server/free-port.ts";
import type { BenchGateway } from "./bench-gateway.ts";
import { type FloodResult, flood } from "./flood.ts";

const counterFile = fileURLToPath(new URL("counter.ts", import.meta.url));

/** The function that counts, as the gateway's and beside it. */
export class Counter {
  readonly #gateway: BenchGateway;
  readonly #port: number;

  private constructor(gateway: BenchGateway, port: number) {
    this.#gateway = gateway;
    this.#port = port;
  }

  static async deploy(gateway: BenchGateway): Promise<Counter> {
    const port = await findFreePort();
    const envVars = {
      mode: "http",
      upstream_url: `http://127.0.0.1:${port}`,
      http_port: `${port}`,
    };
    const envProcess = `${process.execPath} ${counterFile}`;
    const image = "functions/alpine:latest";
    await gateway.tell("POST", "/system/functions", {
      service: "counter",
      image,
      envProcess,
      envVars,
    });
    while ((await gateway.countReady("counter")) === 0) await sleep(50);
    const counter = new Counter(gateway, port);
    // Its watchdog is ready before it is.
    while ((await counter.ask("/release").catch(() => "")) !== "ok") await sleep(50);
    return counter;
  }

  /** Queues so many, as fast as they are accepted. */
  queue(requests: number): Promise<FloodResult> {
    const path = "/async-function/counter";
    return flood({
      port: this.#gateway.port,
      path,
      requests,
      connections: 64,
      body: "x".repeat(100),
    });
  }

  async ask(path: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    get({ host: "127.0.0.1", port: this.#port, path, agent: false }, (response) =>
      text(response).then(resolve, reject),
    ).once("error", reject);
    return await promise;
  }

  async untilRun(count: number): Promise<void> {
    for (;;) {
      const { ids } = await this.#counts();
      if (ids.length >= count) return;
      await sleep(100);
    }
  }

  async check(accepted: readonly string[]): Promise<{ lost: number; repeated: number }> {
    const { ids, repeated } = await this.#counts();
    const run = new Set(ids);
    return { lost: accepted.filter((id) => !run.has(id)).length, repeated };
  }

  async #counts(): Promise<{ readonly ids: readonly string[]; readonly repeated: number }> {
    return JSON.parse(await this.ask("/counts"));
  }
}
