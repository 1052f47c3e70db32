import { describe, onTestFinished, test } from "vitest";
import { FunctionTable } from "../../../src/gateway/function-table.ts";
import {
  type FunctionId,
  type FunctionState,
  ProviderError,
} from "../../../src/provider/provider.ts";
import { specOf } from "../../support/function-spec.ts";
import { DEFAULT_NAMESPACE, MemoryProvider } from "../../support/memory-provider.ts";
import { until } from "../../support/until.ts";

const spec = (name: string, namespace = DEFAULT_NAMESPACE) => specOf(name, { namespace });

/** Says how many slots each replica has, and can be held up. */
class SlowProvider extends MemoryProvider {
  described = 0;
  slots: number | undefined = 4;
  gate: Promise<void> = Promise.resolve();

  override async describe(id: FunctionId): Promise<FunctionState> {
    this.described++;
    await this.gate;
    return await super.describe(id);
  }

  override async endpoints(id: FunctionId) {
    await super.endpoints(id);
    return this.slots === undefined
      ? []
      : [{ id: "r", host: "127.0.0.1", port: 1, maxInflight: this.slots }];
  }
}

function start(provider = new SlowProvider()) {
  const [seen, gone, errors] = [[] as string[], [] as string[], [] as unknown[]];
  const table = new FunctionTable({
    provider,
    onSeen: ({ name, replicas }) => seen.push(`${name}=${replicas}`),
    onGone: ({ name }) => gone.push(name),
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => table[Symbol.dispose]());
  const names = () => Array.from(table.all(), ({ state }) => `${state.name}.${state.namespace}`);
  return { provider, table, seen, gone, errors, names };
}

describe("the table of functions", () => {
  test("has those of all namespaces that were there before it", async ({ expect }) => {
    const { provider, table, names } = start();
    await provider.createNamespace({ name: "prod", labels: {}, annotations: {} });
    await provider.deploy(spec("a"));
    await provider.deploy(spec("a", "prod"));
    await table.load();
    expect(names().toSorted()).toEqual([`a.${DEFAULT_NAMESPACE}`, "a.prod"]);
    expect(table.find({ name: "a", namespace: "prod" })?.process).toBe("cat");
    expect(table.find({ name: "b", namespace: "prod" })).toBeUndefined();
  });

  test("follows what the provider tells of: deployed, scaled, removed", async ({ expect }) => {
    const { provider, table, seen, gone, names } = start();
    await provider.deploy(spec("a"));
    await until("it is seen", () => seen.includes("a=1"));
    await provider.scale(spec("a"), 3);
    await until("it is seen again", () => seen.includes("a=3"));
    expect(table.find(spec("a"))?.replicas).toBe(3);
    await provider.remove(spec("a"));
    await until("it is gone", () => gone.includes("a"));
    expect(names()).toEqual([]);
  });

  test("asks once more for any number of changes while it asks", async ({ expect }) => {
    const { provider, seen } = start();
    const { promise, resolve } = Promise.withResolvers<void>();
    provider.gate = promise;
    await provider.deploy(spec("a"));
    const scalings = [2, 3, 4, 5].map((replicas) => provider.scale(spec("a"), replicas));
    resolve();
    await Promise.all(scalings);
    await until("the last is seen", () => seen.at(-1) === "a=5");
    expect(seen.length).toBeLessThan(5);
  });

  test("counts the load of a function in one place as long as it is there, and anew behind that", async ({
    expect,
  }) => {
    const { provider, table, gone } = start();
    const load = table.loadOf(spec("a"));
    load.begin();
    await provider.deploy(spec("a"));
    await table.load();
    expect(table.loadOf(spec("a"))).toBe(load);
    expect(Array.from(table.all())).toMatchObject([{ slots: 4, load: { arrived: 1 } }]);
    await provider.remove(spec("a"));
    await until("it is gone", () => gone.includes("a"));
    expect(table.loadOf(spec("a"))).not.toBe(load);
  });

  test("remembers how much a replica takes while there is none", async ({ expect }) => {
    const { provider, table, seen } = start();
    await provider.deploy(spec("a"));
    await until("it is seen", () => seen.includes("a=1"));
    provider.slots = undefined;
    await provider.scale(spec("a"), 0);
    await until("it is seen at zero", () => seen.includes("a=0"));
    expect(Array.from(table.all())[0]?.slots).toBe(4);
  });

  test("keeps what it knows while the provider is away, says so, and hears of nothing once it is closed", async ({
    expect,
  }) => {
    const { provider, table, seen, errors, names } = start();
    await provider.deploy(spec("a"));
    await until("it is seen", () => seen.includes("a=1"));
    provider.failure = new ProviderError("unavailable", "away");
    await provider.scale(spec("a"), 2).catch(() => {});
    await expect(table.load()).rejects.toThrow("away");
    provider.failure = undefined;
    const describe = provider.describe.bind(provider);
    provider.describe = () => Promise.reject(new ProviderError("unavailable", "away"));
    await table.load();
    expect(errors).toMatchObject([{ message: "away" }]);
    expect(names()).toEqual([`a.${DEFAULT_NAMESPACE}`]);
    provider.describe = describe;
    table[Symbol.dispose]();
    const before = seen.length;
    await provider.scale(spec("a"), 7);
    expect(seen.length).toBe(before);
  });
});
