import type { Server } from "node:http";
import { createEchoCheck } from "../core/interrupt-echo.ts";
import { createDrain, type DrainStep } from "../http/drain.ts";
import type { GatewayLog } from "./log.ts";

export interface StopOptions {
  readonly server: Server;
  readonly graceMs: number;
  readonly timeoutMs: number;
  readonly inFlight: () => number;
  /** What would go on for as long as it likes. */
  readonly terminate: () => void;
  /** Newcomers are still served; what waits in the queue waits for the next start. */
  readonly onBegin: () => void;
  /** A signal has come that is not the first one. */
  readonly onHurry: () => void;
  /** No newcomers any more. */
  readonly onClosing: () => void;
  readonly log: GatewayLog;
}

export interface Stop {
  readonly begun: boolean;
  /** SIGINT is a person at a terminal: no grace. True: all that was in flight could end by itself. */
  signal(name: NodeJS.Signals): Promise<boolean>;
}

export function createStop(options: StopOptions): Stop {
  const isEcho = createEchoCheck();
  const steps: Partial<Record<DrainStep, () => void>> = {
    "not-ready": options.onBegin,
    closing: options.onClosing,
  };
  const drain = createDrain({
    ...options,
    terminate: async () => options.terminate(),
    onStep(step, inFlight) {
      options.log.info("draining", { step, inFlight });
      steps[step]?.();
    },
  });
  let stopped: Promise<boolean> | undefined;
  return {
    get begun() {
      return drain.begun;
    },
    signal(name) {
      if (isEcho(name) && stopped !== undefined) return stopped;
      if (stopped !== undefined) options.onHurry();
      const graceMs = name === "SIGINT" ? 0 : options.graceMs;
      stopped = drain.advance(graceMs).then((remaining) => remaining === 0);
      return stopped;
    },
  };
}
