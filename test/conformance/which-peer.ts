import type { Peer } from "./case.ts";
import { RunningWatchdog } from "./watchdog.ts";

/** Which one a binary is: of-watchdog alone says its mode at its start. */
export async function whichPeer(path: string): Promise<Peer> {
  await using watchdog = await RunningWatchdog.start([path], { fprocess: "cat" });
  const saysItsMode = watchdog.logLines.some((line) => line.startsWith("Watchdog mode:"));
  return saysItsMode ? "of-watchdog" : "classic-watchdog";
}
