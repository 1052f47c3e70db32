import { describe, test } from "vitest";
import type { LogLine, LogQuery, Provider } from "../../../src/provider/provider.ts";
import { until } from "../../support/until.ts";
import {
  ask,
  collect,
  endpointOf,
  endpointsOf,
  functionId,
  functionSpec,
  type ProviderSubject,
  shellFunction,
} from "./subject.ts";

/** What a function says on stderr can be read, later and at once. */
export function describeLogs(subject: ProviderSubject): void {
  const id = functionId(subject, "echo");
  const all = { ...id, instance: undefined, tail: undefined, since: undefined, follow: false };

  async function start(): Promise<Provider> {
    const provider = await subject.create();
    const { process, environment } = shellFunction("echo said $(cat) >&2");
    const quiet = { ...environment, combine_output: "false" };
    await provider.deploy(functionSpec(subject, { process, environment: quiet }));
    return provider;
  }

  const read = (provider: Provider, query: Partial<LogQuery> = {}): Promise<LogLine[]> =>
    collect(provider.logs({ ...all, ...query }));

  /** Once it is there. */
  async function find(provider: Provider, text: string): Promise<LogLine> {
    let found: LogLine | undefined;
    await until(`${text} is in the log`, async () => {
      found = (await read(provider)).find((line) => line.text.includes(text));
      return found !== undefined;
    });
    return found as LogLine;
  }

  describe("logs", () => {
    test("a line says which replica wrote it, and when", async ({ expect }) => {
      const provider = await start();
      const endpoint = await endpointOf(provider, id);
      const before = Date.now();
      await ask(endpoint, "one");
      const line = await find(provider, "said one");
      expect(line).toMatchObject({ ...id, instance: endpoint.id });
      expect(line.time.getTime()).toBeGreaterThanOrEqual(before - 1);
      expect(line.time.getTime()).toBeLessThanOrEqual(Date.now());
    });

    test("tail gives the last ones, of all replicas, in the order of time", async ({ expect }) => {
      const provider = await start();
      await provider.scale(id, 2);
      const endpoints = await endpointsOf(provider, id, 2);
      for (const [index, endpoint] of endpoints.entries()) {
        await ask(endpoint, `number-${index}`);
        await find(provider, `said number-${index}`);
      }
      const lines = await read(provider);
      const times = lines.map(({ time }) => time.getTime());
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(await read(provider, { tail: 2 })).toEqual(lines.slice(-2));
      expect(await read(provider, { tail: 0 })).toEqual([]);
    });

    test("since leaves out what came before", async ({ expect }) => {
      const provider = await start();
      const endpoint = await endpointOf(provider, id);
      await ask(endpoint, "early");
      const early = await find(provider, "said early");
      await until("the clock goes on", () => Date.now() > early.time.getTime() + 1);
      await ask(endpoint, "late");
      const late = await find(provider, "said late");
      const lines = await read(provider, { since: new Date(early.time.getTime() + 1) });
      expect(lines).toContainEqual(late);
      expect(lines).not.toContainEqual(early);
    });

    test("instance leaves out what other replicas wrote", async ({ expect }) => {
      const provider = await start();
      await provider.scale(id, 2);
      const [one, other] = await endpointsOf(provider, id, 2);
      if (one === undefined || other === undefined) throw new Error("there are two");
      for (const endpoint of [one, other]) await ask(endpoint, endpoint.id);
      await find(provider, `said ${one.id}`);
      await find(provider, `said ${other.id}`);
      const instances = (await read(provider, { instance: one.id })).map((line) => line.instance);
      expect(new Set(instances)).toEqual(new Set([one.id]));
    });

    test("follow gives what was, and then each line as it comes, until it is told to stop", async ({
      expect,
    }) => {
      const provider = await start();
      const endpoint = await endpointOf(provider, id);
      await ask(endpoint, "before");
      await find(provider, "said before");
      const stop = new AbortController();
      const said: string[] = [];
      const reading = (async () => {
        for await (const { text } of provider.logs({ ...all, follow: true }, stop.signal)) {
          const word = /said (\S+)/.exec(text)?.[1];
          if (word !== undefined) said.push(word);
        }
      })();
      await until("what was", () => said.includes("before"));
      await ask(endpoint, "during");
      await until("what comes", () => said.includes("during"));
      stop.abort();
      await reading;
      expect(said).toEqual(["before", "during"]);
    });

    test("who follows a function that is removed comes to an end", async ({ expect }) => {
      const provider = await start();
      await endpointOf(provider, id);
      const following = collect(provider.logs({ ...all, follow: true }));
      await provider.remove(id);
      expect((await following).length).toBeGreaterThanOrEqual(0);
    });
  });
}
