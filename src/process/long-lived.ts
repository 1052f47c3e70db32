import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { type ProcessIdentity, readIdentity } from "./process-identity.ts";
import { readOutput } from "./process-output.ts";

export interface LongLivedOptions {
  /** The program, absolute, and its arguments. */
  readonly command: readonly string[];
  readonly folder: string;
  /** All it gets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the FIFO for its stdout and stderr is made. */
  readonly outputPath: string;
  /**
   * Is told who it is before it does anything. Whatever happens until this has returned, its throwing or our own death
   * included, the command is never run: what is not on record does not exist.
   */
  readonly record: (identity: ProcessIdentity) => void;
}

/** A process that outlives this one, and can then be found and read from again. */
export interface LongLived {
  readonly identity: ProcessIdentity;
  readonly output: Readable;
  /** In words, as `exit code 1` or `SIGKILL`. */
  readonly ended: Promise<string>;
}

/**
 * Starts one in a session of its own. Its output goes into a FIFO that it has open for reading, too: so it is never told that
 * nobody reads any more, what it writes meanwhile waits as far as the kernel keeps it (64 KiB), and who has more must not
 * wait for it, as a watchdog does not.
 */
export async function startLongLived(options: LongLivedOptions): Promise<LongLived> {
  const child = spawn("/bin/sh", gateArguments(options), {
    cwd: options.folder,
    env: options.environment,
    detached: true,
    stdio: "pipe",
  });
  const failed = watchFailure(child);
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  try {
    await Promise.race([once(child.stdout, "data"), failed]);
    const identity = readIdentity(child.pid as number);
    if (identity === undefined) throw await failed.catch((error) => error);
    options.record(identity);
    const output = readOutput(options.outputPath);
    child.stdin.end("go\n");
    return { identity, output, ended };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    for (const stream of [child.stdout, child.stderr]) stream.destroy();
  }
}

/** Waits for its one line, and becomes the command; without the line, because whoever started it has died, it ends. */
const GATE = `PATH="$1" mkfifo -m 600 "$2" && exec 3<>"$2" && shift 2 && echo ready && read -r _ && exec "$@" </dev/null >&3 2>&3 3>&-`;

const gateArguments = ({ outputPath, command }: LongLivedOptions): string[] => [
  "-c",
  GATE,
  "sh",
  // The command's PATH may be any.
  "/usr/bin:/bin:/usr/local/bin:/opt/bin",
  outputPath,
  ...command,
];

/** Rejects with what the system, or the shell, says why nothing was started. Pending otherwise. */
function watchFailure(child: ChildProcess): Promise<never> {
  const failed = new Promise<never>((_, reject) => {
    let text = "";
    child.stderr?.on("data", (chunk) => {
      text += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(text.trim() || `exit code ${code}`)));
  });
  failed.catch(() => {});
  child.stdin?.on("error", () => {});
  return failed;
}
