import { test } from "vitest";
import { deploySamples } from "../../../../src/gateway/samples/deploy-samples.ts";
import { isSample, type Sample } from "../../../../src/gateway/samples/sample.ts";
import { ProviderError } from "../../../../src/provider/provider.ts";
import {
  MemoryProvider,
  DEFAULT_NAMESPACE as namespace,
} from "../../../support/memory-provider.ts";

const toSample = (name: string): Sample => ({
  name,
  description: `Is ${name}`,
  image: "functions/alpine:health",
  process: "cat",
});
const samples = [toSample("one"), toSample("two")];
const two = { name: "two", namespace };

/** Tells what was done, one start after the other. */
class WatchedProvider extends MemoryProvider {
  done: string[] = [];

  override async deploy(spec: Parameters<MemoryProvider["deploy"]>[0]): Promise<void> {
    this.done.push(`deploy ${spec.name}`);
    await super.deploy(spec);
  }

  override async update(spec: Parameters<MemoryProvider["update"]>[0]): Promise<void> {
    this.done.push(`update ${spec.name}`);
    await super.update(spec);
  }

  async start(wanted: readonly Sample[] = samples) {
    this.done = [];
    const failed: string[] = [];
    const onFailed = (name: string, error: Error) => failed.push(`${name}: ${error.message}`);
    const there = await deploySamples({ provider: this, namespace, samples: wanted, onFailed });
    return { there: there.map(({ name }) => name), failed, done: this.done };
  }
}

test("samples are deployed at the first start, and left alone at the next", async ({ expect }) => {
  const provider = new WatchedProvider();
  const done = ["deploy one", "deploy two"];
  expect(await provider.start()).toEqual({ there: ["one", "two"], failed: [], done });
  expect(await provider.start()).toEqual({ there: ["one", "two"], failed: [], done: [] });
  expect(await provider.describe(two)).toMatchObject({
    annotations: { "breeze.description": "Is two" },
  });
});

test("a sample that was removed comes back, and one of another version is brought up to date", async ({
  expect,
}) => {
  const provider = new WatchedProvider();
  await provider.start();
  await provider.remove(two);
  const moved = [{ ...toSample("one"), image: "/elsewhere" }, toSample("two")];
  expect((await provider.start(moved)).done).toEqual(["update one", "deploy two"]);
  expect(await provider.describe({ name: "one", namespace })).toMatchObject({
    image: "/elsewhere",
  });
});

test("a user's function with the name of a sample is left alone, and named as none", async ({
  expect,
}) => {
  const provider = new WatchedProvider();
  await provider.start();
  await provider.update({ ...(await provider.describe(two)), process: "tac", annotations: {} });
  expect(await provider.start()).toEqual({ there: ["one"], failed: [], done: [] });
  const state = await provider.describe(two);
  expect([state.process, isSample(state)]).toEqual(["tac", false]);
});

test("what a provider adds to a function makes it no other version", async ({ expect }) => {
  const provider = new WatchedProvider();
  await provider.start();
  const state = await provider.describe(two);
  const annotations = { ...state.annotations, "breeze.image": "not-used" };
  provider.functions.set(`${namespace}/two`, { ...state, annotations, replicas: 3 });
  expect((await provider.start()).done).toEqual([]);
});

test("a sample that cannot be deployed is told of, and keeps no other from it", async ({
  expect,
}) => {
  class Picky extends WatchedProvider {
    override async deploy(spec: Parameters<MemoryProvider["deploy"]>[0]): Promise<void> {
      if (spec.name === "one") throw new ProviderError("invalid", "there is no cat");
      await super.deploy(spec);
    }
  }
  const provider = new Picky();
  const failed = ["one: there is no cat"];
  expect(await provider.start()).toEqual({ there: ["two"], failed, done: ["deploy two"] });
});
