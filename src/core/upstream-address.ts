/** Where a program that serves HTTP itself is reached. */
export interface UpstreamAddress {
  /** Of TCP; empty where there is a socket file. */
  readonly host: string;
  readonly port: number;
  /** A Unix socket's file. */
  readonly socketPath: string | undefined;
  /** Goes before every request's path; empty, or a path without a slash at its end. */
  readonly basePath: string;
}

/** What Linux takes of a socket file's path, in bytes: `sun_path` without its NUL (unix(7)). */
export const LONGEST_SOCKET_PATH = 107;

/** Reads `http://HOST[:PORT][/PATH]`, or `unix:/PATH` and `unix:///PATH`; `undefined` for anything else. Latin1. */
export function parseUpstreamAddress(text: string): UpstreamAddress | undefined {
  const [, socketPath] = /^unix:(?:\/\/)?(\/[^\0]+)$/i.exec(text) ?? [];
  if (socketPath !== undefined) {
    const path = Buffer.from(socketPath, "latin1").toString();
    return { host: "", port: 0, socketPath: path, basePath: "" };
  }
  const [, host, port = "80", path = ""] = HTTP_URL.exec(text) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined;
  return {
    host: host.replace(/^\[|\]$/g, ""),
    port: Number(port),
    socketPath: undefined,
    basePath: path.replace(/\/+$/, ""),
  };
}

/** No user, query or fragment: what a request asks for is put behind it. */
const HTTP_URL = /^http:\/\/([\w.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?(\/[!"$->@-~\x80-\xff]*)?$/i;

/** As a client would write it into `Host`. */
export function toAuthority({ host, port }: UpstreamAddress): string {
  if (host === "") return "localhost";
  const name = host.includes(":") ? `[${host}]` : host;
  return port === 80 ? name : `${name}:${port}`;
}
