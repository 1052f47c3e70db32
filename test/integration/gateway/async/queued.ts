import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunningGateway } from "../../../support/run-gateway.ts";
import { until } from "../../../support/until.ts";

/** An invocation as `/system/async/{callId}` tells of it. */
export interface Queued {
  readonly callId: string;
  readonly state: "delayed" | "queued" | "running" | "completed" | "dead";
  readonly attempt: number;
  readonly queuedAt: string;
  readonly finishedAt?: string;
  readonly status?: number;
  readonly reason?: string;
  readonly callback: string;
  readonly callbackReason?: string;
  readonly answer?: { readonly status: number; readonly body: string };
}

/** With the call id, and a body that is the same. */
export async function submit(
  gateway: RunningGateway,
  name: string,
  callId: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  const accepted = await gateway.ask(`/async-function/${name}`, {
    method: "POST",
    body: callId,
    headers: { "X-Call-Id": callId, ...headers },
  });
  await accepted.arrayBuffer();
  return accepted.status;
}

export async function find(gateway: RunningGateway, callId: string): Promise<Queued> {
  return (await (await gateway.ask(`/system/async/${callId}`)).json()) as Queued;
}

/** What is told of it as soon as that `holds`. */
export async function findOnce(
  gateway: RunningGateway,
  callId: string,
  holds: (found: Queued) => boolean,
  limitMs = 30_000,
): Promise<Queued> {
  let found = await find(gateway, callId);
  const look = async () => {
    found = await find(gateway, callId);
    return holds(found);
  };
  await until(`${callId} is as it has to be`, look, limitMs);
  return found;
}

/** Resolves when all of them have completed. */
export async function whenCompleted(
  gateway: RunningGateway,
  callIds: readonly string[],
  limitMs: number,
): Promise<void> {
  const look = async () => {
    const found = await Promise.all(callIds.map((callId) => find(gateway, callId)));
    return found.every(({ state }) => state === "completed");
  };
  await until("all have run", look, limitMs);
}

export const isOver = ({ state }: Queued): boolean => state === "completed" || state === "dead";

/** A command that runs these lines. */
export function script(folder: string, name: string, lines: string): string {
  const file = join(folder, `${name}.sh`);
  writeFileSync(file, lines);
  return `sh ${file}`;
}
