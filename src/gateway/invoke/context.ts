import type { AddressMatcher } from "../../core/networks.ts";
import type { BodyMemory } from "../../http/body-memory.ts";
import type { Exchange } from "../../http/exchange.ts";
import type { Tunnel } from "../../http/proxy/tunnel.ts";
import type { FunctionId, FunctionState } from "../../provider/provider.ts";
import type { Deadlines } from "./deadlines.ts";
import type { Directory } from "./directory.ts";
import type { Failure } from "./failure.ts";
import type { InvocationTelemetry } from "./telemetry.ts";

/** Resolves when the function has a replica that answers; rejects where it will have none. Asked once by each that waits. */
export type WhenAvailable = (id: FunctionId, signal: AbortSignal) => Promise<void>;

/** Who may reach which function. */
export interface Guard {
  /** `undefined`: this one may; otherwise what its client is told. Does not reject. */
  admit(
    exchange: Exchange,
    state: FunctionState,
  ): Failure | undefined | Promise<Failure | undefined>;
  /** The headers, in small letters, that were for the gateway alone, and that the function does not get. */
  credentialHeaders(exchange: Exchange, state: FunctionState): readonly string[];
  /** Whether the gateway makes the request itself, of an invocation that was queued. */
  isDelivery(exchange: Exchange): boolean;
}

/** What all invocations have in common. */
export interface InvocationContext {
  readonly directory: Directory;
  readonly telemetry: InvocationTelemetry;
  /** Whose word counts on where a request came from. */
  readonly isTrustedProxy: AddressMatcher;
  /** Of requests that have no `User-Agent`. */
  readonly userAgent: string;
  readonly whenAvailable: WhenAvailable | undefined;
  readonly guard: Guard | undefined;
  /** How long a stream or a tunnel may be silent; `undefined`: as long as it likes. */
  readonly idle: Deadlines | undefined;
  /** Of the small bodies that are on their way. */
  readonly bodyMemory: BodyMemory;
  /** Those that are open, for whoever stops to close them. */
  readonly tunnels: Set<Tunnel>;
  inFlight: number;
}
