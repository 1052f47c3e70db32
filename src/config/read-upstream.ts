import {
  LONGEST_SOCKET_PATH,
  parseUpstreamAddress,
  type UpstreamAddress,
} from "../core/upstream-address.ts";
import type { Problems } from "./problems.ts";
import type { VariableReader } from "./variable-reader.ts";

/** The program of `mode=http`, which serves HTTP itself. */
export interface UpstreamConfig {
  readonly address: UpstreamAddress;
  /** Each body is taken whole before the program gets it, with its length. */
  readonly buffersBody: boolean;
  /** How long a stream or a tunnel may be silent, both ways; 0: no limit. */
  readonly streamIdleMs: number;
  /** How long a stream or a tunnel may take in all; 0: no limit. */
  readonly streamLimitMs: number;
}

/** `undefined` in every other mode, and where there is a problem. */
export function readUpstream(
  reader: VariableReader,
  problems: Problems,
): UpstreamConfig | undefined {
  if (reader.mode !== "http") return undefined;
  const name = reader.isSet("http_upstream_url") ? "http_upstream_url" : "upstream_url";
  const text = reader.value(name);
  const address = parseUpstreamAddress(text ?? "");
  if (address === undefined) {
    problems.add(
      name,
      text,
      "expected where the program listens, such as http://127.0.0.1:3000 or unix:/tmp/function.sock",
    );
    return undefined;
  }
  if (Buffer.byteLength(address.socketPath ?? "") > LONGEST_SOCKET_PATH) {
    problems.add(name, text, `expected a socket path of at most ${LONGEST_SOCKET_PATH} bytes`);
    return undefined;
  }
  return {
    address,
    buffersBody: reader.value("http_buffer_req_body") || reader.value("buffer_http"),
    streamIdleMs: reader.value("stream_idle_timeout"),
    streamLimitMs: reader.value("stream_timeout"),
  };
}
