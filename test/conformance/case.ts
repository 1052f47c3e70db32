/** A watchdog that others know: whose answers are recorded, and compared with ours. */
export type Peer = "classic-watchdog" | "of-watchdog";

/** What one client sends on one connection. */
export interface Case {
  readonly name: string;
  /** One character is one byte. */
  readonly sent: string;
  /** Of the requests that are in it; `GET` where none is said. */
  readonly methods?: readonly string[];
  /** The client closes its side behind what it has sent. */
  readonly isHalfClosed?: boolean;
}

/** Cases that one watchdog is asked, one after the other. */
export interface Group {
  readonly name: string;
  readonly peers: readonly Peer[];
  readonly variables: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
  /** Its log is compared too. */
  readonly comparesLog?: boolean;
  /** What there is besides the watchdog while it is asked. */
  readonly surround?: () => Promise<Surroundings>;
}

export interface Surroundings extends Disposable {
  readonly variables: Readonly<Record<string, string>>;
}

export interface RequestParts {
  readonly method?: string;
  readonly target?: string;
  readonly version?: string;
  /** Lines, each with its end. */
  readonly headers?: string;
  readonly body?: string;
  readonly host?: string;
  /** The connection goes on. */
  readonly keepsAlive?: boolean;
}

/** A request that ends its connection, unless it says otherwise. */
export function request(parts: RequestParts = {}): string {
  const { method = "GET", target = "/", version = "1.1", headers = "", body } = parts;
  const host = parts.host ?? "Host: a\r\n";
  const connection = parts.keepsAlive ? "" : "Connection: close\r\n";
  const length = body === undefined ? "" : `Content-Length: ${body.length}\r\n`;
  return `${method} ${target} HTTP/${version}\r\n${host}${connection}${headers}${length}\r\n${body ?? ""}`;
}

/** One whose body says its own framing, in `headers`. */
export const framed = (headers: string, body: string, parts: RequestParts = {}): string =>
  `${request({ method: "POST", ...parts, headers })}${body}`;

/** Cases of one request each, by their names. */
export function single(requests: Readonly<Record<string, RequestParts>>): readonly Case[] {
  return Object.entries(requests).map(([name, parts]) => ({
    name,
    sent: request(parts),
    methods: [parts.method ?? "GET"],
  }));
}

/** Cases of bytes that may be anything, by their names. */
export function raw(texts: Readonly<Record<string, string>>): readonly Case[] {
  return Object.entries(texts).map(([name, sent]) => ({ name, sent, methods: methodsIn(sent) }));
}

/** Of HEAD requests the client has to know that no body follows. */
const methodsIn = (text: string): readonly string[] =>
  [...text.matchAll(/(?:^|[^\w/])([A-Za-z]+) \S+ HTTP\/1/g)].map(([, method]) => method as string);
