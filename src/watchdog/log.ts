import type { WatchdogConfig } from "../config/watchdog.ts";
import type { OutcomeKind } from "../process/outcome.ts";
import type { FunctionLog, InvocationRecord } from "./telemetry.ts";

type LogLevel = "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, unknown>>;

/** What can be logged. How it looks is the format's own affair, and so is what it leaves out. */
export interface Log {
  message(level: LogLevel, text: string, fields?: LogFields): void;
  processStarting(): void;
  processEnded(kind: OutcomeKind): void;
  access(record: InvocationRecord): void;
  functionLog(stream: "stderr" | "stdout"): FunctionLog;
  /** Every line so far has reached the sink. */
  settled(): Promise<void>;
}

export type LogConfig = Pick<
  WatchdogConfig,
  "logFormat" | "mode" | "command" | "writeDebug" | "prefixLogs" | "logBufferBytes" | "logCallId"
>;
