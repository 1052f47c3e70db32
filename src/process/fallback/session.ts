/** How often a session that is being ended is looked at, in milliseconds. */
const POLL_MS = 20;
/** How long after KILL a session may still be seen: zombies that nobody waits for never leave. */
const KILL_WAIT_MS = 1000;

/** Ends a process group: TERM, grace, KILL. Calls back once, when nothing of it is left or can be waited for. */
export function endSession(pid: number, graceMs: number, onEnded: () => void): void {
  const started = performance.now();
  const look = () => {
    const elapsed = performance.now() - started;
    if (!signalSession(pid, 0) || elapsed > graceMs + KILL_WAIT_MS) {
      onEnded();
      return;
    }
    if (elapsed >= graceMs) {
      signalSession(pid, "SIGKILL");
    }
    const next = elapsed < graceMs ? Math.min(POLL_MS, graceMs - elapsed) : POLL_MS;
    setTimeout(look, next);
  };
  signalSession(pid, "SIGTERM");
  look();
}

/** Signals the process group; false: there is none any more. Signal 0 only looks. */
export function signalSession(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}
