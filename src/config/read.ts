import { readCommand } from "./command.ts";
import { readMode } from "./mode.ts";
import { createProblems, type Problems } from "./problems.ts";
import { readAnswerHead } from "./read-answer-head.ts";
import { type ReadFile, readJwt } from "./read-jwt.ts";
import { readQueue } from "./read-queue.ts";
import { readStatic } from "./read-static.ts";
import { readUpstream } from "./read-upstream.ts";
import { refuseVariables } from "./refused.ts";
import { readTextFile } from "./text-file.ts";
import { createVariableReader, type Environment, type VariableReader } from "./variable-reader.ts";
import { variableEntries } from "./variables.ts";
import type { WatchdogConfig } from "./watchdog.ts";

export interface WatchdogConfigReading {
  readonly config: WatchdogConfig;
  /** A line each: what is odd but can be used. */
  readonly warnings: readonly string[];
  /** `strict_config`. False: what a Go watchdog would start with, a missing program say, is a warning here too. */
  readonly strict: boolean;
}

/**
 * Reads the watchdog's configuration, or throws one `CONFIG_INVALID` that names every bad variable. Pure, but for the one
 * file that says the namespace where `jwt_auth` asks for it and no variable does.
 */
export function readWatchdogConfig(
  environment: Environment,
  readFile: ReadFile = readTextFile,
): WatchdogConfigReading {
  const problems = createProblems();
  const mode = readMode(environment.mode ?? "", problems);
  const strict = createVariableReader({ environment, mode, strict: true, problems }).value(
    "strict_config",
  );
  const reader = createVariableReader({ environment, mode, strict, problems });
  const config: WatchdogConfig = Object.freeze({
    mode,
    command: Object.freeze(readCommand({ environment, mode, strict, reader, problems })),
    static: mode === "static" ? readStatic(reader) : undefined,
    ...readPorts(reader, problems),
    ...readTimes(reader),
    ...readAnswers(reader, environment),
    answerHead: readAnswerHead(reader),
    ...readLimits(reader),
    queue: readQueue(reader, problems),
    upstream: readUpstream(reader, problems),
    jwt: readJwt(environment, reader, problems, readFile),
    ...readLogs(reader),
  });
  refuseVariables(environment, variableEntries, problems);
  problems.throwAny();
  return { config, warnings: problems.warnings, strict };
}

/** The longest that the port stays open behind SIGTERM where nobody asked for more: Docker kills after ten seconds. */
const LONGEST_UNASKED_GRACE_MS = 5_000;

function readPorts(reader: VariableReader, problems: Problems) {
  const isGiven = reader.isSet("port") || reader.mode === "http";
  const platformPort = isGiven ? undefined : reader.value("PORT");
  const port = platformPort ?? reader.value("port");
  const metricsPort = reader.value("metrics_port");
  const host = reader.value("host");
  if (metricsPort !== port || port === 0) return { port, metricsPort, host };
  if (platformPort !== undefined && !reader.isSet("metrics_port")) {
    // Whoever made the image had no say in it.
    problems.warn(
      `PORT=${port} is where metrics would be: there are none. metrics_port moves them`,
    );
    return { port, metricsPort: 0, host };
  }
  const expected = `which is the port of requests too; expected another one, or 0 for no metrics`;
  problems.add("metrics_port", String(metricsPort), expected);
  return { port, metricsPort, host };
}

function readTimes(reader: VariableReader) {
  const writeTimeoutMs = reader.value("write_timeout");
  // Without a limit on writing there is nothing to be shorter than.
  const unaskedGraceMs = Math.min(
    writeTimeoutMs || LONGEST_UNASKED_GRACE_MS,
    LONGEST_UNASKED_GRACE_MS,
  );
  return {
    readTimeoutMs: reader.value("read_timeout"),
    writeTimeoutMs,
    execTimeoutMs: reader.value("exec_timeout"),
    drainGraceMs: reader.value("healthcheck_interval") ?? unaskedGraceMs,
    shutdownTimeoutMs: reader.value("shutdown_timeout") ?? writeTimeoutMs,
    termGraceMs: reader.value("term_grace"),
  };
}

function readAnswers(reader: VariableReader, environment: Environment) {
  const emptyType = reader.mode !== "classic" && environment.content_type === "";
  return {
    contentType: emptyType ? "" : reader.value("content_type"),
    cgiHeaders: reader.value("cgi_headers"),
    combineOutput: reader.value("combine_output"),
    marshalRequest: reader.value("marshal_request"),
    serverTiming: reader.value("server_timing"),
    compat: reader.value("compat"),
  };
}

function readLimits(reader: VariableReader) {
  return {
    maxInflight: Math.max(reader.value("max_inflight"), 0),
    maxBodyBytes: reader.value("max_body") || undefined,
    maxOutputBytes: reader.value("max_output") || undefined,
    daemons: reader.value("daemons"),
    cgroups: reader.value("cgroups"),
    cancelOnDisconnect: reader.value("cancel_on_disconnect"),
  };
}

function readLogs(reader: VariableReader) {
  const logCallId = reader.value("log_call_id");
  return {
    suppressLock: reader.value("suppress_lock"),
    readyPath: reader.value("ready_path"),
    temporaryDirectory: reader.value("TMPDIR"),
    writeDebug: reader.value("write_debug"),
    debugHeaders: reader.value("debug_headers"),
    logFormat: reader.value("log_format"),
    prefixLogs: reader.value("prefix_logs"),
    logBufferBytes: Math.max(reader.value("log_buffer_size"), 0),
    logCallId: reader.isSet("log_callid") ? reader.value("log_callid") : (logCallId ?? false),
  };
}
