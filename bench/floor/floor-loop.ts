import type { Outcome } from "../../src/process/outcome.ts";
import type { Processes, RunListener, RunOptions } from "../../src/process/run.ts";
import { createProcesses } from "../../src/process/spawn.ts";
import { percentile } from "../report/statistics.ts";

/** Runs `cat` on 11 bytes, again and again, as a request would, with no HTTP around it. Started by `runFloor`. */
export interface FloorOptions {
  /** How many processes at a time. */
  readonly concurrency: number;
  readonly seconds: number;
}

export interface FloorResult {
  readonly runsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const warmUpSeconds = 1;
const request: RunOptions = {
  environment: "Http_Method=POST\0Http_Path=/\0Http_ContentLength=11\0Http_Content_Length=11\0",
  body: Buffer.from("hello world"),
  deadlineMs: 0,
  combineOutput: true,
  holdOutput: true,
};

if (import.meta.main) await main(JSON.parse(process.argv[2] ?? "") as FloorOptions);

async function main({ concurrency, seconds }: FloorOptions): Promise<void> {
  await using processes = await createCatProcesses();
  await runLoops(processes, concurrency, warmUpSeconds);
  const begun = performance.now();
  const latencies = await runLoops(processes, concurrency, seconds);
  const result: FloorResult = {
    runsPerSecond: latencies.length / ((performance.now() - begun) / 1e3),
    p50Ms: percentile(latencies, 50),
    p99Ms: percentile(latencies, 99),
  };
  console.log(JSON.stringify(result));
}

async function runLoops(
  processes: Processes,
  concurrency: number,
  seconds: number,
): Promise<number[]> {
  const end = performance.now() + seconds * 1e3;
  const latencies: number[] = [];
  const loop = async () => {
    while (performance.now() < end) {
      const begun = performance.now();
      await runOnce(processes);
      latencies.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  return latencies;
}

function runOnce(processes: Processes): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    const listener: RunListener = {
      onOutput: (chunk) => {
        output += chunk.toString("latin1");
      },
      onErrorOutput: () => {},
      onControlOutput: () => {},
      onOutcome: (outcome) => {
        if (isRight(outcome) && output === "hello world") resolve();
        else reject(new Error(`cat: ${JSON.stringify(outcome)}, ${output}`));
      },
      onGone: () => {},
      onInputDrain: () => {},
      onInputClosed: () => {},
    };
    processes.start(request, listener);
  });
}

function isRight(outcome: Outcome): boolean {
  return outcome.kind === "exited" && outcome.exitCode === 0;
}

async function createCatProcesses(): Promise<Processes> {
  return createProcesses(
    {
      command: ["cat"],
      baseEnvironment: [`PATH=${process.env.PATH}`],
      termGraceMs: 1_000,
      daemons: "kill",
    },
    {
      onLost: (message) => {
        throw new Error(message);
      },
      onWarning: (message) => console.error(message),
      onSignal: () => {},
    },
  );
}
