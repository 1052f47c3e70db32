import { setTimeout as delay } from "node:timers/promises";
import type { LongLived } from "../../process/long-lived.ts";
import type { LogFile } from "./log-file.ts";

/** For what comes behind the end, where something else still has the output open. */
const LAST_OUTPUT_MS = 1_000;

/** Writes all that comes out of a process. Resolves behind the last of it with how the process ended. */
export async function writeOutput(
  { output, ended }: Pick<LongLived, "output" | "ended">,
  file: Pick<LogFile, "append">,
): Promise<string> {
  const written = new Promise<void>((resolve) => {
    output.on("data", (chunk: Buffer) => file.append(chunk));
    output.on("error", () => {});
    output.once("close", resolve);
  });
  const reason = await ended;
  await Promise.race([written, delay(LAST_OUTPUT_MS, undefined, { ref: false })]);
  output.removeAllListeners("data");
  output.destroy();
  return reason;
}
