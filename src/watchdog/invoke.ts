import type { WatchdogConfig } from "../config/watchdog.ts";
import { BodyMemory } from "../http/body-memory.ts";
import type { Exchange } from "../http/exchange.ts";
import type { RequestHead } from "../http/request-head.ts";
import { createSpoolFolder } from "../http/spool.ts";
import { decodePath, parseTarget } from "../http/target.ts";
import type { Processes } from "../process/run.ts";
import { INLINE_BODY_LIMIT_BYTES } from "../process/run.ts";
import type { Access } from "./access.ts";
import { Admission } from "./admission.ts";
import { roomForVariables } from "./argument-limits.ts";
import { createCgiEnvironmentBuilder } from "./cgi-environment.ts";
import { createDebug } from "./debug.ts";
import { createEnvironmentBuilder } from "./environment.ts";
import type { InvocationKind } from "./invocation.ts";
import type { InvocationContext } from "./invocation-context.ts";
import { KnownHead } from "./known-head.ts";
import { BufferedInvocation } from "./modes/buffered.ts";
import { CgiInvocation } from "./modes/cgi.ts";
import { createClassicMode } from "./modes/classic.ts";
import { createSerializingMode } from "./modes/serializing.ts";
import { StaticInvocation } from "./modes/static.ts";
import { StreamingInvocation } from "./modes/streaming.ts";
import { Site } from "./static/site.ts";
import type { Telemetry } from "./telemetry.ts";

/** Starts one invocation, which answers when it can. `head` is what the function is told of the request. */
export type Invoke = (exchange: Exchange, head: RequestHead, kind: InvocationKind) => void;

export function createInvoke(context: InvocationContext): Invoke {
  const { config } = context;
  if (config.static !== undefined) {
    const site = new Site(config.static);
    return (exchange, head, kind) =>
      exchange.take(new StaticInvocation(site, context, exchange, head, kind));
  }
  if (config.mode === "cgi") {
    const knownHead = new KnownHead();
    return (exchange, head, kind) =>
      exchange.take(new CgiInvocation(knownHead, context, exchange, head, kind));
  }
  if (config.mode === "streaming") {
    return (exchange, head, kind) =>
      exchange.take(new StreamingInvocation(context, exchange, head, kind));
  }
  const mode =
    config.mode === "classic" ? createClassicMode(config) : createSerializingMode(config);
  return (exchange, head, kind) =>
    exchange.take(new BufferedInvocation(mode, context, exchange, head, kind));
}

export interface InvocationContextOptions {
  readonly config: WatchdogConfig;
  readonly baseEnvironment: readonly string[];
  readonly processes: Processes;
  readonly telemetry: Telemetry;
  readonly access: Access | undefined;
}

/** Beyond this a body is kept in a file until the function starts. */
const SPOOLED_BYTES = 1024 * 1024;

/** Beyond this of all bodies together, however many clients upload at a time. */
const ALL_BODIES_BYTES = 16 * 1024 * 1024;

export function createInvocationContext(options: InvocationContextOptions): InvocationContext {
  const { config, baseEnvironment, processes, telemetry, access } = options;
  const createBuilder =
    config.mode === "cgi" ? createCgiEnvironmentBuilder : createEnvironmentBuilder;
  const spool = createSpoolFolder(config.temporaryDirectory, (error) =>
    telemetry.warn(
      `Large bodies are kept in memory, since no file can be written: ${error.message}`,
    ),
  );
  return {
    config,
    processes,
    telemetry,
    access,
    admission: new Admission({
      limit: config.maxInflight,
      maxQueue: config.queue.max,
      queueTimeoutMs: config.queue.timeoutMs,
      telemetry,
    }),
    buildEnvironment: createBuilder({
      cgiHeaders: config.cgiHeaders,
      isClassic: config.mode === "classic",
      roomBytes: roomForVariables(config.command, baseEnvironment),
      onHeaderDropped: (reason) => telemetry.headerDropped(reason),
    }),
    bodyOptions: {
      maxBytes: config.maxBodyBytes,
      smallBytes: INLINE_BODY_LIMIT_BYTES,
      memoryBytes: SPOOLED_BYTES,
      memory: new BodyMemory(ALL_BODIES_BYTES),
      spool,
    },
    debug: createDebug(config, telemetry, (bytes) => process.stdout.write(bytes)),
  };
}

/** A probe asks for `ready_path` with the headers of whoever asked, and has no body. */
export function toProbeHead(head: RequestHead, readyPath: string): RequestHead {
  const { path, query } = parseTarget(readyPath.startsWith("/") ? readyPath : `/${readyPath}`) ?? {
    path: "/",
    query: "",
  };
  return { ...head, path, query, decodedPath: decodePath(path) ?? path, bodyLength: 0 };
}
