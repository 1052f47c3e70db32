import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { WatchdogConfig } from "../config/watchdog.ts";
import { BreezeError } from "../core/errors.ts";
import type { Exchange } from "../http/exchange.ts";

/** Whether the watchdog takes requests, as probes and the lock file say it. */
export interface Health {
  /** The lock file's path; `undefined` where there is none. */
  readonly lockPath: string | undefined;
  /** Takes requests from now on: writes the lock file, or throws `LOCK_NOT_WRITABLE`. */
  accept(): void;
  /** Takes none from now on, for good: removes the lock file. A file that cannot be removed is returned as the reason. */
  refuse(): Error | undefined;
  /** In a mode where the function itself can be down: it is up, or is not. A lock file that cannot follow is returned. */
  follow(isUp: boolean): Error | undefined;
  /** Accepting, and the lock file is there at this very moment: whoever deletes it takes the replica out. */
  isHealthy(): boolean;
}

type HealthConfig = Pick<WatchdogConfig, "suppressLock" | "temporaryDirectory" | "compat">;

export function createHealth(config: HealthConfig): Health {
  const lock = config.suppressLock ? undefined : toLock(config.temporaryDirectory);
  // With `suppress_lock` theirs goes on asking for the file that nobody writes, and is unhealthy for ever.
  const answersFor = config.suppressLock && config.compat === "openfaas" ? "nobody" : "itself";
  let accepting = false;
  let isUp = true;
  return {
    lockPath: lock?.path.toString(),
    accept() {
      if (lock !== undefined) writeLock(lock);
      accepting = true;
      if (!isUp && lock !== undefined) removeLock(lock);
    },
    refuse() {
      accepting = false;
      return lock === undefined ? undefined : removeLock(lock);
    },
    follow(nowUp) {
      if (nowUp === isUp) return undefined;
      isUp = nowUp;
      if (!accepting || lock === undefined) return undefined;
      return isUp ? rewriteLock(lock) : removeLock(lock);
    },
    isHealthy: () =>
      accepting && isUp && answersFor === "itself" && (lock === undefined || exists(lock.path)),
  };
}

/** `/_/health`. */
export function answerHealth(health: Health, exchange: Exchange): void {
  const status = exchange.request.method !== "GET" ? 405 : health.isHealthy() ? 200 : 503;
  const isGood = status === 200;
  exchange.answer(status, isGood ? [...PLAIN_TEXT] : [], isGood ? "OK" : "");
}

/** `/_/ready`, where no `ready_path` has the function asked once `readyStatus` says 200. */
export function answerReady(
  health: Pick<Health, "isHealthy">,
  isFull: boolean,
  exchange: Exchange,
): void {
  exchange.answer(readyStatus(health, isFull, exchange.request.method), [], "");
}

/** `isFull`: as many invocations run as `max_inflight` allows, and the next one would be refused. */
export function readyStatus(
  health: Pick<Health, "isHealthy">,
  isFull: boolean,
  method: string | undefined,
): 200 | 405 | 429 | 503 {
  if (method !== "GET") return 405;
  if (!health.isHealthy()) return 503;
  return isFull ? 429 : 200;
}

const PLAIN_TEXT = ["Content-Type", "text/plain; charset=utf-8"];

/** As bytes: what TMPDIR names need not be UTF-8. */
interface Lock {
  readonly directory: Buffer;
  readonly path: Buffer;
}

function toLock(directory: string): Lock {
  const [asBytes, path] = [directory, join(directory, ".lock")].map((text) =>
    Buffer.from(text, "latin1"),
  ) as [Buffer, Buffer];
  return { directory: asBytes, path };
}

/** A lock file that cannot be looked at for another reason counts as there, as with theirs. */
export function exists(path: Buffer): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

function writeLock({ directory, path }: Lock): void {
  try {
    makeFolder(directory);
    writeFileSync(path, "", { mode: 0o660 });
  } catch (cause) {
    const message = `The lock file ${path} cannot be written: ${(cause as Error).message}.`;
    const ways = "TMPDIR names another folder, suppress_lock=true does without.";
    throw new BreezeError("LOCK_NOT_WRITABLE", `${message} ${ways}`, { cause });
  }
}

/**
 * With all that lead to it. Node's own `recursive` never returns where a folder exists in which none can be made, such as
 * below /proc.
 */
function makeFolder(path: Buffer): void {
  for (let end = path.indexOf("/", 1); end >= 0; end = path.indexOf("/", end + 1)) {
    makeOneFolder(path.subarray(0, end));
  }
  makeOneFolder(path);
}

function makeOneFolder(path: Buffer): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (!exists(path)) throw error;
  }
}

function rewriteLock(lock: Lock): Error | undefined {
  try {
    writeLock(lock);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function removeLock({ path }: Lock): Error | undefined {
  try {
    rmSync(path);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
