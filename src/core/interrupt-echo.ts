/** No finger is as fast. */
const ECHO_MS = 100;

/**
 * Whether a signal is one that has come just before: a terminal tells all of its foreground, and npm, which is told too,
 * passes it on to the script that it runs.
 */
export function createEchoCheck(): (name: NodeJS.Signals) => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return (name) => {
    if (name !== "SIGINT") return false;
    const before = last;
    last = performance.now();
    return last - before < ECHO_MS;
  };
}
