import { setTimeout as sleep } from "node:timers/promises";
import type { BenchGateway } from "../../../bench/scale/bench-gateway.ts";
import type { EchoServer } from "./echo-server.ts";

const ALWAYS_ONE = { "com.openfaas.scale.min": "1", "com.openfaas.scale.max": "1" };
const ASLEEP = {
  "com.openfaas.scale.zero": "true",
  "com.openfaas.scale.min": "0",
  "com.openfaas.scale.max": "1",
};

/** Nobody here takes as long. */
const LIMIT = { "com.openfaas.timeout": "10s" };

const FUNCTIONS = [
  { service: "echo", labels: ALWAYS_ONE, annotations: LIMIT },
  {
    service: "shop",
    labels: ALWAYS_ONE,
    annotations: { ...LIMIT, "breeze.path": "/shop", "breeze.host": "shop.example.com" },
  },
  { service: "keyed", labels: ALWAYS_ONE, annotations: { ...LIMIT, "breeze.auth": "api-key" } },
  { service: "sleeper", labels: ASLEEP, annotations: LIMIT },
];

const NAMES = new Set(FUNCTIONS.map(({ service }) => service));

interface Status {
  readonly name: string;
  readonly namespace: string;
  readonly replicas: number;
  readonly availableReplicas: number;
  readonly invocationCount: number;
}

/** What is deployed to be asked, and what somebody might make of it. */
export class FuzzedFunctions {
  readonly #gateway: BenchGateway;

  constructor(gateway: BenchGateway) {
    this.#gateway = gateway;
  }

  async deploy(echo: EchoServer): Promise<void> {
    await this.#gateway.tell("POST", "/system/secrets", { name: "kept", value: "kept" });
    for (const given of FUNCTIONS) {
      const envVars = { mode: "http", upstream_url: echo.urlOf(given.service) };
      // The program only has to be there: who answers is another one.
      const envProcess = "tail -f /dev/null";
      const deployed = { ...given, image: "functions/alpine:latest", envProcess, envVars };
      await this.#gateway.tell("POST", "/system/functions", deployed);
    }
    for (const { service } of FUNCTIONS) {
      while (service !== "sleeper" && (await this.#gateway.countReady(service)) === 0) {
        await sleep(50);
      }
    }
  }

  /** All that nobody may change who has not said who he is; equal texts are equal states. */
  async describe(): Promise<string> {
    const functions = (await this.#list<Status>("/system/functions")).filter(isMeant);
    const described = functions.map(
      ({ replicas, availableReplicas, invocationCount, ...rest }) => ({
        ...rest,
        ...(rest.name !== "sleeper" && { replicas }),
      }),
    );
    const secrets = await this.#list<{ readonly name: string }>("/system/secrets");
    const namespaces = await this.#list<string>("/system/namespaces");
    return JSON.stringify({
      functions: described.sort((one, other) => (one.name < other.name ? -1 : 1)),
      secrets: secrets.map(({ name }) => name).filter((name) => /^(kept|forged)/.test(name)),
      namespaces: namespaces.filter((name) => /^(openfaas-fn$|forged)/.test(name)),
    });
  }

  /** What those have left behind who may. */
  async clear(): Promise<void> {
    for (const namespace of await this.#list<string>("/system/namespaces")) {
      const query = `?namespace=${namespace}`;
      const deployed = await this.#list<Status>(`/system/functions${query}`);
      for (const { name: functionName } of deployed.filter((status) => !isMeant(status))) {
        await this.#gateway.ask(
          "DELETE",
          "/system/functions",
          JSON.stringify({ functionName, namespace }),
        );
      }
      for (const { name } of await this.#list<{ readonly name: string }>(
        `/system/secrets${query}`,
      )) {
        if (name === "kept" || name.startsWith("forged")) continue;
        await this.#gateway.ask("DELETE", "/system/secrets", JSON.stringify({ name, namespace }));
      }
      if (namespace === "openfaas-fn" || namespace.startsWith("forged")) continue;
      await this.#gateway.ask("DELETE", `/system/namespace/${namespace}`, "{}");
    }
  }

  async rest(): Promise<void> {
    await this.clear();
    await this.#gateway.scale("sleeper", 0);
  }

  async #list<Item>(path: string): Promise<Item[]> {
    const { status, body } = await this.#gateway.ask("GET", path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${body}`);
    return JSON.parse(String(body));
  }
}

const isMeant = ({ name, namespace }: Status) =>
  namespace === "openfaas-fn" && (NAMES.has(name) || name.startsWith("forged"));
