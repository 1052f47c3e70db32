import type { JwtConfig } from "./read-jwt.ts";
import type { StaticConfig } from "./read-static.ts";
import type { UpstreamConfig } from "./read-upstream.ts";
import type { Mode } from "./variable.ts";

/** Who waits for a place. */
export interface QueueConfig {
  /** How many at most; 0: nobody, one more is refused at once. */
  readonly max: number;
  readonly timeoutMs: number;
  /** The header that names the caller, in small letters; `undefined`: all are one. */
  readonly fairBy: string | undefined;
}

/** How the program sets the status of its answer. */
export interface AnswerHeadConfig {
  /** It has a pipe on descriptor 3 for that. */
  readonly controlDescriptor: boolean;
  /** Exit codes that are no failures, and their statuses. */
  readonly exitCodes: ReadonlyMap<number, number>;
}

/** The watchdog's configuration, as `readWatchdogConfig` makes it of the environment. Durations of 0 are "no limit". */
export interface WatchdogConfig {
  readonly mode: Mode;
  /** Program and arguments, latin1: one character is one byte. Empty where no program is run. */
  readonly command: readonly string[];
  /** `undefined` in the other modes. */
  readonly static: StaticConfig | undefined;
  readonly port: number;
  /** `undefined`: all interfaces, both address families. */
  readonly host: string | undefined;
  /** 0: no metrics server. */
  readonly metricsPort: number;
  readonly readTimeoutMs: number;
  readonly writeTimeoutMs: number;
  readonly execTimeoutMs: number;
  /** Between "not ready" and the closing of the listener; 0: none. */
  readonly drainGraceMs: number;
  /** Bounds the whole stop. */
  readonly shutdownTimeoutMs: number;
  /** Between TERM and KILL; 0: KILL at once. */
  readonly termGraceMs: number;
  /** Of answers; `undefined`: the request's own, else sniffed. Empty: an empty header, as in of-watchdog. */
  readonly contentType: string | undefined;
  readonly answerHead: AnswerHeadConfig;
  readonly cgiHeaders: boolean;
  readonly combineOutput: boolean;
  readonly marshalRequest: boolean;
  readonly writeDebug: boolean;
  readonly debugHeaders: boolean;
  readonly suppressLock: boolean;
  readonly serverTiming: boolean;
  /** 0: unlimited. */
  readonly maxInflight: number;
  readonly queue: QueueConfig;
  /** `undefined`: unlimited. */
  readonly maxBodyBytes: number | undefined;
  readonly maxOutputBytes: number | undefined;
  readonly daemons: "kill" | "keep";
  readonly cgroups: "off" | "on";
  readonly cancelOnDisconnect: boolean;
  readonly compat: "none" | "openfaas";
  /** In mode `http`, and only there. */
  readonly upstream: UpstreamConfig | undefined;
  /** `undefined`: everybody is let in. */
  readonly jwt: JwtConfig | undefined;
  readonly logFormat: "json" | "text";
  readonly prefixLogs: boolean;
  /** A function's log line longer than this is passed on in pieces; 0: of any length. */
  readonly logBufferBytes: number;
  readonly logCallId: boolean;
  readonly readyPath: string | undefined;
  /** The folder of the lock file. */
  readonly temporaryDirectory: string;
}
