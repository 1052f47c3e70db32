/**
 * What runs functions, whatever it is: the one contract between the gateway and a machine or a cluster. Values in, values
 * out; an `AbortSignal` last, where something can take its time. What is asked of a function that is not there throws
 * `ProviderError` with the code `notFound`.
 */

/** How a function is called: everywhere the two together. */
export interface FunctionId {
  readonly name: string;
  readonly namespace: string;
}

/** As users write them: `"64Mi"`, `"100m"`. What a provider cannot do it says in an annotation, and goes on without. */
export interface Resources {
  readonly memory?: string;
  readonly cpu?: string;
}

/** A function as it was deployed. What is a list or a record is empty where nothing was said. */
export interface FunctionSpec extends FunctionId {
  /** Verbatim: no digest is added, nothing is normalised. */
  readonly image: string;
  /** The command; `undefined`: what the image says. */
  readonly process: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly constraints: readonly string[];
  /** Names. */
  readonly secrets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly limits: Resources | undefined;
  readonly requests: Resources | undefined;
  readonly readOnlyRootFilesystem: boolean;
}

/** The same, and how it is. */
export interface FunctionState extends FunctionSpec {
  /** As many as are wanted. */
  readonly replicas: number;
  /** As many as answer. */
  readonly availableReplicas: number;
  readonly createdAt: Date;
  /** How the last replica ended, where it never took requests and none does now: `exit code 78`. Few words that clients may read. */
  readonly failure?: string;
}

/** What all replicas of a function use just now. */
export interface Usage {
  /** In thousandths of a processor. */
  readonly cpu: number;
  readonly totalMemoryBytes: number;
}

/** One replica that answers. */
export interface Endpoint {
  /** Never another's, also after this one has gone. */
  readonly id: string;
  readonly host: string;
  readonly port: number;
  /** How many requests it takes at a time; `undefined`: as many as come. */
  readonly maxInflight: number | undefined;
}

export interface LogLine extends FunctionId {
  /** The replica, as in `Endpoint.id`. */
  readonly instance: string;
  readonly time: Date;
  readonly text: string;
}

export interface LogQuery extends FunctionId {
  readonly instance: string | undefined;
  /** The last so many; `undefined`: all there are. */
  readonly tail: number | undefined;
  readonly since: Date | undefined;
  /** Goes on with what comes, until the signal. */
  readonly follow: boolean;
}

/** `value` is never given back. */
export interface Secret extends FunctionId {
  readonly value: Uint8Array;
}

export interface Namespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** For `/system/info`: neither text is ever empty. */
export interface ProviderInfo {
  /** `local`, `faas-swarm`. */
  readonly name: string;
  /** `local`, `swarm`. */
  readonly orchestration: string;
}

/** What is not the same for all providers. */
export interface Capabilities {
  /** Namespaces can be made. */
  readonly namespaces: boolean;
  /** A secret can get another value. */
  readonly secretUpdates: boolean;
}

/** Something about this function is not as it was: its endpoints, its replicas, its spec, or that it is there. */
export type OnChange = (id: FunctionId) => void;

export interface Provider extends AsyncDisposable {
  readonly info: ProviderInfo;
  readonly capabilities: Capabilities;

  /** `conflict` where it is there already. Its replicas come by and by. */
  deploy(spec: FunctionSpec, signal?: AbortSignal): Promise<void>;
  /** Old replicas answer until new ones do. */
  update(spec: FunctionSpec, signal?: AbortSignal): Promise<void>;
  /** Ends when no replica is asked any more; those that still answer finish. */
  remove(id: FunctionId, signal?: AbortSignal): Promise<void>;
  list(namespace: string, signal?: AbortSignal): Promise<FunctionState[]>;
  describe(id: FunctionId, signal?: AbortSignal): Promise<FunctionState>;
  usage(id: FunctionId, signal?: AbortSignal): Promise<Usage>;
  /** From 0 on. Seen in `describe` at once, whenever the replicas follow. */
  scale(id: FunctionId, replicas: number, signal?: AbortSignal): Promise<void>;
  /** Those that answer now. */
  endpoints(id: FunctionId, signal?: AbortSignal): Promise<Endpoint[]>;

  logs(query: LogQuery, signal?: AbortSignal): AsyncIterable<LogLine>;

  listSecrets(namespace: string, signal?: AbortSignal): Promise<FunctionId[]>;
  createSecret(secret: Secret, signal?: AbortSignal): Promise<void>;
  updateSecret(secret: Secret, signal?: AbortSignal): Promise<void>;
  removeSecret(id: FunctionId, signal?: AbortSignal): Promise<void>;

  /** With the default one, in which functions are that name none. */
  listNamespaces(signal?: AbortSignal): Promise<Namespace[]>;
  createNamespace(namespace: Namespace, signal?: AbortSignal): Promise<void>;
  updateNamespace(namespace: Namespace, signal?: AbortSignal): Promise<void>;
  /** `conflict` where functions are in it. */
  removeNamespace(name: string, signal?: AbortSignal): Promise<void>;

  /** Until the function that it returns is called. */
  watch(onChange: OnChange): () => void;
}

/**
 * `invalid`: what was asked cannot be. `unsupported`: not by this provider. `unavailable`: what runs functions does not answer.
 * `full`: there is no room to write it down, and nothing has changed.
 */
export type ProviderFailure =
  | "notFound"
  | "conflict"
  | "invalid"
  | "unsupported"
  | "unavailable"
  | "full";

export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly code: ProviderFailure;

  /** `message`: for whoever asked, a sentence that names what was wrong and what was expected. */
  constructor(code: ProviderFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What was asked about is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ProviderError && error.code === "notFound";
}
