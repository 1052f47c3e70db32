import { existsSync } from "node:fs";
import { get } from "node:http";
import { describe, test } from "vitest";
import { readMemory } from "../../bench/server/memory.ts";
import { listFamily } from "../../bench/server/processes.ts";
import { singleFile } from "../support/package.ts";
import { type Packaged, startPackaged } from "../support/start-packaged.ts";
import { until } from "../support/until.ts";

const file = singleFile(process.arch);

const BIG = 200_000_000;
const PATIENT = { read_timeout: "100s", write_timeout: "100s", exec_timeout: "100s" };
const FLOOD = { fprocess: `head -c ${BIG} /dev/zero` };
/** Over what an idle watchdog has; what is kept for good is three times as much. */
const ALLOWED_MIB = 64;

interface Case {
  readonly environment: Readonly<Record<string, string>>;
  work(url: string): Promise<number>;
  readonly result: number;
}

const cases: Readonly<Record<string, Case>> = {
  "a big answer in classic": { environment: FLOOD, work: ask, result: BIG },
  "a big answer in serializing": {
    environment: { ...FLOOD, mode: "serializing" },
    work: ask,
    result: BIG,
  },
  "three big answers at once": {
    environment: FLOOD,
    work: async (url) => Math.min(...(await Promise.all([ask(url), ask(url), ask(url)]))),
    result: BIG,
  },
  "output that is too large": {
    environment: { ...FLOOD, max_output: "190MB" },
    work: async (url) => (await fetch(url)).status,
    result: 502,
  },
  "output that nobody is told of": {
    environment: {
      fprocess: `sh -c "head -c ${BIG} /dev/zero; exit 3"`,
      fprocess_shell_words: "true",
      mode: "serializing",
    },
    work: async (url) => (await fetch(url)).status,
    result: 500,
  },
  "a big answer whose client leaves": { environment: FLOOD, work: leave, result: 200 },
  "a big body that no file can be had for": {
    environment: { fprocess: "wc -c", TMPDIR: "/proc/none", suppress_lock: "true" },
    work: async (url) => {
      const answer = await fetch(url, { method: "POST", body: Buffer.alloc(BIG) });
      return Number(await answer.text());
    },
    result: BIG,
  },
};

describe.skipIf(!existsSync(file) && !process.env.CI)("the single file", () => {
  for (const [name, { environment, work, result }] of Object.entries(cases)) {
    test(`has no more memory some time after ${name}`, async ({ expect }) => {
      await using watchdog = await startPackaged([file], { ...PATIENT, ...environment });
      const idle = memoryOf(watchdog);
      expect(await work(watchdog.url)).toBe(result);
      await until(
        `it has given back what is over ${idle} MiB`,
        () => memoryOf(watchdog) < idle + ALLOWED_MIB,
        60_000,
      );
    });
  }
});

function memoryOf({ pid }: Packaged): number {
  return Math.round(readMemory(listFamily(pid).map((member) => member.pid)).anonymous);
}

/** How many bytes were answered. */
async function ask(url: string): Promise<number> {
  let bytes = 0;
  for await (const chunk of (await fetch(url)).body ?? []) bytes += chunk.length;
  return bytes;
}

/** In the middle of the answer. */
function leave(url: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const request = get(url, (response) => {
    response.once("data", () => {
      response.on("error", () => {});
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
  });
  request.on("error", reject);
  return promise;
}
