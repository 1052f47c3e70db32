/** How often the event loop is asked whether it is late. */
const PERIOD_MS = 50;

export interface LoopDelaySampler {
  /** Something is being done: sampling goes on for a while. */
  touch(): void;
  close(): void;
}

/**
 * Samples how late the event loop is, by a timer of our own that only runs while there is work: Node's
 * `monitorEventLoopDelay` would wake an idle replica fifty times a second.
 */
export function createLoopDelaySampler(observe: (seconds: number) => void): LoopDelaySampler {
  let isTouched = false;
  let timer: NodeJS.Timeout | undefined;
  let dueMs = 0;
  function arm(): void {
    dueMs = performance.now() + PERIOD_MS;
    timer = setTimeout(fire, PERIOD_MS).unref();
  }
  function fire(): void {
    observe(Math.max(0, performance.now() - dueMs) / 1000);
    timer = undefined;
    if (isTouched) arm();
    isTouched = false;
  }
  return {
    touch() {
      isTouched = true;
      if (timer === undefined) arm();
    },
    close: () => clearTimeout(timer),
  };
}
