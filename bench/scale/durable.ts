import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Measurement, SoloCase } from "../cases/case.ts";
import { BenchGateway } from "./bench-gateway.ts";
import { Counter } from "./counter-function.ts";

const ONE_BY_ONE = 50;
const AT_ONCE = 2_000;

/** What the kernel sees of an acceptance: the disk has it before the client hears of it. Needs strace. */
export const durableCase: SoloCase = {
  name: "durable",
  rows: [
    {
      name: "durable early",
      title: `${ONE_BY_ONE} queued one by one: 202s that left before their fsync had returned`,
      unit: "",
      better: "lower",
      judged: "value",
      must: 0,
    },
    {
      name: "durable shared",
      title: "fsyncs a queued invocation at c=64",
      unit: "",
      better: "lower",
      judged: "value",
    },
  ],
  async measureOurs(command): Promise<Measurement> {
    await using gateway = await BenchGateway.start({ command });
    const counter = await Counter.deploy(gateway);
    // Nothing is settled, so all that is written is what is queued.
    await counter.ask("/hold");
    await counter.queue(100);
    const oneByOne = await trace(gateway.pid, async () => {
      for (let index = 0; index < ONE_BY_ONE; index++) {
        await gateway.ask("POST", "/async-function/counter", "x");
      }
    });
    const together = await trace(gateway.pid, async () => void (await counter.queue(AT_ONCE)));
    await counter.ask("/release");
    const accepted = oneByOne.filter((event) => event === "accepted").length;
    return {
      values: {
        "durable early": countEarly(oneByOne),
        "durable shared": together.filter((event) => event === "synced").length / AT_ONCE,
      },
      notes: accepted === ONE_BY_ONE ? [] : [`${accepted} of ${ONE_BY_ONE} were seen`],
    };
  },
};

type Event = "accepted" | "synced";

/** In their order: a sync when it has returned, a 202 when it leaves. */
async function trace(pid: number, act: () => Promise<void>): Promise<Event[]> {
  const folder = mkdtempSync(join(tmpdir(), "breeze-bench-"));
  const file = join(folder, "trace");
  const calls = "trace=fsync,fdatasync,write,writev";
  const args = ["-f", "-s", "16", "-e", calls, "-o", file, "-p", `${pid}`];
  const strace = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"] });
  try {
    // It says that it is attached.
    await once(strace.stderr, "data");
    await act();
    strace.kill("SIGINT");
    await once(strace, "exit");
    return readFileSync(file, "utf8").split("\n").flatMap(toEvents);
  } finally {
    strace.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

function toEvents(line: string): Event[] {
  if (/\b(fsync|fdatasync)\b.*= 0$/.test(line)) return ["synced"];
  return /\bwritev?\(\d+, .*"HTTP\/1\.1 202/.test(line) ? ["accepted"] : [];
}

/** Each was asked for when the one before it had been answered. */
function countEarly(events: readonly Event[]): number {
  return events.filter((event, index) => event === "accepted" && events[index - 1] !== "synced")
    .length;
}
