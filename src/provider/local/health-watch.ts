import { isHealthy } from "./health-probe.ts";

export interface HealthWatchOptions {
  readonly port: number;
  readonly intervalMs: number;
  /** It takes requests now, or takes none; told once for each change. */
  readonly onChange: (isHealthy: boolean) => void;
  /** It has taken none for so many looks that it never will again. */
  readonly onLost: () => void;
}

const LOST_AFTER = 6;

/** Looks after a replica that was healthy, until it is disposed of. */
export function watchHealth(options: HealthWatchOptions): Disposable {
  const { port, intervalMs, onChange, onLost } = options;
  let failures = 0;
  let isLooking = false;
  let isOver = false;
  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    const healthy = await isHealthy(port, intervalMs);
    isLooking = false;
    if (isOver) return;
    const before = failures;
    failures = healthy ? 0 : failures + 1;
    if ((before === 0) !== healthy) onChange(healthy);
    if (failures === LOST_AFTER) onLost();
  }
  const timer = setInterval(() => void look(), intervalMs).unref();
  return {
    [Symbol.dispose]() {
      isOver = true;
      clearInterval(timer);
    },
  };
}
