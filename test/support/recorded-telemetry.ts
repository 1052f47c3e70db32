import type { Bill, OutcomeKind } from "../../src/process/outcome.ts";
import type { WatchdogTelemetry } from "../../src/watchdog/create-telemetry.ts";
import type { FunctionLog, HeaderFault, InvocationRecord } from "../../src/watchdog/telemetry.ts";

/** Keeps what the request path says. */
export class RecordedTelemetry implements WatchdogTelemetry {
  inFlight = 0;
  processes = 0;
  waiting = 0;
  readonly waits: number[] = [];
  readonly invocations: InvocationRecord[] = [];
  readonly ended: { method: string; status: number }[] = [];
  readonly outcomes: { kind: OutcomeKind; bill: Bill }[] = [];
  readonly dropped: string[] = [];
  readonly messages: string[] = [];
  errorOutput = "";

  requestStarted(): void {
    this.inFlight++;
  }

  requestEnded(method: string, status: number): void {
    this.inFlight--;
    this.ended.push({ method, status });
  }

  waitStarted(): void {
    this.waiting++;
  }

  waitEnded(seconds: number): void {
    this.waiting--;
    this.waits.push(seconds);
  }

  processStarting(): void {
    this.processes++;
  }

  processEnded(kind: OutcomeKind, bill: Bill): void {
    this.outcomes.push({ kind, bill });
  }

  invocationEnded(record: InvocationRecord): void {
    this.invocations.push(record);
  }

  headerDropped(reason: HeaderFault): void {
    this.dropped.push(reason);
  }

  functionLog(): FunctionLog {
    return {
      write: (chunk) => {
        this.errorOutput += Buffer.from(chunk).toString("latin1");
      },
      end() {},
    };
  }

  info(message: string): void {
    this.messages.push(message);
  }

  warn(message: string): void {
    this.messages.push(message);
  }

  error(message: string): void {
    this.messages.push(message);
  }

  metrics(): string {
    return "";
  }

  draining(): void {}
  flush(): void {}
  async close(): Promise<void> {}
  async [Symbol.asyncDispose](): Promise<void> {}
}
