import { checkProgram } from "../../config/program.ts";
import { ANNOTATIONS } from "../../core/annotations.ts";
import { LONGEST_TIMER_MS, parseSecondsOrDuration, toMilliseconds } from "../../core/duration.ts";
import { BreezeError } from "../../core/errors.ts";
import { type FunctionSpec, ProviderError } from "../provider.ts";
import { type ImageFolder, readImageFolder } from "./image-folder.ts";

export type Variables = Readonly<Record<string, string>>;

/** What is the same for all replicas of a function. */
export interface FunctionEnvironment {
  readonly variables: Variables;
  readonly folder: ImageFolder | undefined;
}

/**
 * The variables of a function: of this machine only what programs need to run at all, above it the image's, the function's,
 * and its name. Throws `invalid` where nothing is there that could be run.
 * @param machine - this process's own variables, of which `INHERITED` are taken.
 */
export function toFunctionEnvironment(
  spec: FunctionSpec,
  machine: Readonly<Record<string, string | undefined>>,
): FunctionEnvironment {
  const folder = readImageFolder(spec.image);
  const process = spec.process === undefined ? {} : { fprocess: spec.process };
  const inherited = INHERITED.flatMap((name) => {
    const value = machine[name];
    return value === undefined ? [] : [[name, value]];
  });
  const variables: Record<string, string> = {
    ...Object.fromEntries(inherited),
    ...toLimits(spec),
    log_format: "text",
    ...folder?.environment,
    ...process,
    ...spec.environment,
    OPENFAAS_NAME: spec.name,
    OPENFAAS_NAMESPACE: spec.namespace,
  };
  checkVariables(spec.environment);
  checkCommand(spec, variables, folder);
  return { variables, folder };
}

/** Never all of it: the gateway's own has its secrets. */
const INHERITED = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ"];

/**
 * One timeout of the function's is every limit there is (unless it sets one itself). The gateway, which alone sends requests
 * here, looks elsewhere at once when it is told to: what is drained needs only a moment for those under way.
 */
function toLimits({ annotations }: FunctionSpec): Variables {
  const drain = { healthcheck_interval: "250ms" };
  const limit = parseSecondsOrDuration(annotations[ANNOTATIONS.timeout] ?? "");
  if (limit === undefined) return drain;
  const limitMs = Math.min(toMilliseconds(limit) + BEHIND_GATEWAY_MS, LONGEST_TIMER_MS);
  const timeout = limit > 0n ? `${limitMs}ms` : "0s";
  return { ...drain, exec_timeout: timeout, write_timeout: timeout, read_timeout: timeout };
}

/** The gateway's limit comes first and names itself; were they over at once, the watchdog's 408 would be first now and then. */
const BEHIND_GATEWAY_MS = 1_000;

function checkVariables(environment: Variables): void {
  for (const [name, value] of Object.entries(environment)) {
    const reason = findFault(name, value);
    if (reason === undefined) continue;
    const message = `environment variable ${JSON.stringify(name)} not valid${reason}`;
    throw new ProviderError("invalid", message);
  }
}

/** Of one variable, with its name: Linux starts no program with more (MAX_ARG_STRLEN). */
const MOST_BYTES = 128 * 1024 - 1;

function findFault(name: string, value: string): string | undefined {
  if (!/^[^=\0]+$/.test(name) || value.includes("\0")) return "";
  const isTooLong = Buffer.byteLength(`${name}=${value}`) > MOST_BYTES;
  return isTooLong ? ": it has more than 128 KiB" : undefined;
}

/** That it is there can be said now, to whoever deploys, instead of in the log of a replica that cannot start. */
function checkCommand(
  { image }: FunctionSpec,
  variables: Record<string, string>,
  folder: ImageFolder | undefined,
): void {
  const { mode = "classic", fprocess = "", function_process = "" } = variables;
  if (mode === "static") return;
  const command = mode !== "classic" && function_process !== "" ? function_process : fprocess;
  if (command === "") {
    const message = `image ${image} is not used on this machine, so fprocess must name a program that is here`;
    throw new ProviderError("invalid", folder === undefined ? message : NO_COMMAND);
  }
  const [program = ""] = command.split(" ");
  // Relative to the folder, or quoted: the replica's own start tells.
  if (/^\.|^[^/].*\/|["'\\]/.test(program)) return;
  try {
    checkProgram([program], variables.PATH);
  } catch (cause) {
    if (!(cause instanceof BreezeError)) throw cause;
    const hint = folder === undefined ? ` Image ${image} is not used on this machine.` : "";
    throw new ProviderError("invalid", `${cause.message}${hint}`, { cause });
  }
}

const NO_COMMAND = "the folder names no program: set fprocess";
