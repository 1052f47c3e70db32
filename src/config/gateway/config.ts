import type { Network } from "../../core/networks.ts";

/** Where asynchronous invocations are kept. */
export type QueueConfig =
  | { readonly kind: "none" }
  | { readonly kind: "sqlite" }
  | {
      readonly kind: "nats";
      readonly host: string;
      readonly port: number;
      /** What the names of streams and subjects begin with. */
      readonly channel: string;
      readonly tls: boolean;
      /** The file with what NATS asks for; `undefined`: nothing. */
      readonly credentialsFile: string | undefined;
      /** How many servers keep each message. */
      readonly replicas: number;
    };

export interface CallbackConfig {
  /** Networks inside that callbacks may reach. */
  readonly networks: readonly Network[];
  /** The file that holds the key they are signed with; `undefined`: they are not. */
  readonly keyFile: string | undefined;
}

export interface AccessConfig {
  /** `undefined`: open on loopback, closed beyond it. */
  readonly basicAuth: boolean | undefined;
  /** The folder of user and password. */
  readonly secretMountPath: string;
  /** Somebody said so: user and password must be there, none are made. */
  readonly isSecretMountPathSet: boolean;
  readonly alertAuth: "closed" | "open";
  /** Names that an open gateway is called by, in small letters. */
  readonly hosts: readonly string[];
  readonly trustedProxies: readonly Network[];
}

export interface LogConfig {
  readonly format: "json" | "text";
  /** Which requests have a line. */
  readonly access: "all" | "notable" | "none";
  /** Their lines have the query, which may be confidential, besides the path. */
  readonly writesQuery: boolean;
}

/** The gateway's configuration, as `readGatewayConfig` makes it of the environment. Durations of 0 are "no limit". */
export interface GatewayConfig {
  readonly port: number;
  readonly host: string;
  /** 0: no metrics server. */
  readonly metricsPort: number;
  readonly readTimeoutMs: number;
  readonly writeTimeoutMs: number;
  readonly upstreamTimeoutMs: number;
  /** Between "not ready" and the closing of the listener; 0: none. */
  readonly drainGraceMs: number;
  /** Bounds the whole stop. */
  readonly shutdownTimeoutMs: number;
  /** In small letters: a function `f` is also at the host `f.DOMAIN`. */
  readonly functionDomain: string | undefined;
  readonly provider: "local";
  /** An absolute path. It need not exist. */
  readonly dataDirectory: string;
  readonly functionNamespace: string;
  /** Metrics name the namespace also of functions in the default one. */
  readonly labelsNamespace: boolean;
  readonly samples: boolean;
  readonly scaling: "builtin" | "alertmanager" | "both";
  readonly scalingArithmetic: "2017" | "current";
  readonly scaleFromZero: boolean;
  readonly queue: QueueConfig;
  /** `undefined`: unlimited. */
  readonly maxAsyncBodyBytes: number | undefined;
  readonly callback: CallbackConfig;
  readonly access: AccessConfig;
  readonly log: LogConfig;
}

export const DEFAULT_NAMESPACE = "openfaas-fn";
