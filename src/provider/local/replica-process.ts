import { createServer } from "node:net";
import { Readable } from "node:stream";
import { hideFromNode } from "../../process/hidden-variables.ts";
import { type LongLived, startLongLived } from "../../process/long-lived.ts";
import { isRunning, type ProcessIdentity } from "../../process/process-identity.ts";
import { readOutput } from "../../process/process-output.ts";
import type { FunctionEnvironment, Variables } from "./function-environment.ts";
import { LOOPBACK } from "./health-probe.ts";
import type { ReplicaFolder } from "./replica-folder.ts";

export interface ReplicaStart {
  /** The program, absolute, and its arguments. */
  readonly watchdog: readonly string[];
  readonly function: FunctionEnvironment;
  readonly folder: ReplicaFolder;
  readonly record: (identity: ProcessIdentity) => void;
}

/** A watchdog of a replica's own. */
export async function startReplicaProcess(start: ReplicaStart): Promise<LongLived> {
  const { watchdog, folder, record } = start;
  const { variables, folder: image } = start.function;
  const program = isAskedAtPort(start.function) ? await chooseUpstream() : {};
  return startLongLived({
    command: watchdog,
    folder: image?.path ?? folder.work,
    environment: {
      ...hideFromNode(locateSecrets(variables, folder.secrets)),
      ...program,
      host: LOOPBACK,
      port: "0",
      metrics_port: "0",
      TMPDIR: folder.temporary,
      OPENFAAS_SECRETS_DIR: folder.secrets,
    },
    outputPath: folder.outputPath,
    record,
  });
}

/** It serves HTTP, and not somewhere of its own choice. */
function isAskedAtPort({ variables, folder }: FunctionEnvironment): boolean {
  if (variables.mode !== "http") return false;
  const isElsewhere = variables.upstream_url ?? variables.http_upstream_url;
  return folder?.isTemplate === true || !isElsewhere;
}

/** Where a function finds its secrets in a container. Commands and variables say so; here each replica has them elsewhere. */
const IN_CONTAINER = /\/var\/openfaas\/secrets(?![\w.-])/g;

function locateSecrets(variables: Variables, secrets: string): Variables {
  const located = Object.entries(variables).map(([name, value]) => [
    name,
    value.replaceAll(IN_CONTAINER, () => secrets),
  ]);
  return Object.fromEntries(located);
}

/** One that a gateway before this one has started. */
export function adoptReplicaProcess(identity: ProcessIdentity, folder: ReplicaFolder): LongLived {
  return { identity, output: openOutput(folder.outputPath), ended: untilGone(identity) };
}

/** Somebody may have removed it. */
function openOutput(path: string): Readable {
  try {
    return readOutput(path);
  } catch {
    return Readable.from([]);
  }
}

/** Where a watchdog says that it listens, in either of its log's formats; nobody else's line is like this. */
export function parsePort(line: string): number | undefined {
  const text = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d Listening on port: (\d+)$/.exec(line)?.[1];
  return text === undefined ? parseStarted(line) : Number(text);
}

function parseStarted(line: string): number | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const { msg, port } = JSON.parse(line);
    return msg === "started" && typeof port === "number" ? port : undefined;
  } catch {
    return undefined;
  }
}

const LOOK_MS = 200;

/** Nobody tells us about the end of a process that is not our child. */
function untilGone(identity: ProcessIdentity): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = setInterval(() => {
    if (isRunning(identity)) return;
    clearInterval(timer);
    resolve("it is gone");
  }, LOOK_MS).unref();
  return promise;
}

/** All replicas of this machine share its ports, so a template's program gets one that is free just now. */
async function chooseUpstream(): Promise<Record<string, string>> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once("error", reject);
  server.listen(0, LOOPBACK, () => {
    const address = server.address();
    server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
  });
  const port = `${await promise}`;
  return { upstream_url: `http://${LOOPBACK}:${port}`, http_port: port, PORT: port };
}
