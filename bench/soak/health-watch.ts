import { get } from "node:http";
import type { HealthCount } from "./report.ts";

/** Asks for the watchdog's health again and again, over a new connection each time. */
export interface HealthWatch {
  stop(): HealthCount;
}

const intervalMs = 250;

export function watchHealth(port: number): HealthWatch {
  const count = { checks: 0, failed: 0, slowestMs: 0 };
  const check = () => {
    const begun = performance.now();
    count.checks++;
    get({ port, host: "127.0.0.1", path: "/_/health", agent: false }, (answer) => {
      answer.resume();
      if (answer.statusCode !== 200) count.failed++;
      count.slowestMs = Math.max(count.slowestMs, performance.now() - begun);
    }).on("error", () => {
      count.failed++;
    });
  };
  const timer = setInterval(check, intervalMs);
  return {
    stop() {
      clearInterval(timer);
      return count;
    },
  };
}
