import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { type DirectAnswer, empty, redirect, refuse } from "./direct-answer.ts";
import { countHeader } from "./headers.ts";
import { cleanPath, decodePath, hasDotSegment, parseTarget, toLocation } from "./target.ts";

/** What a request says before its body, checked. */
export interface RequestHead {
  /** The path as it came. */
  readonly path: string;
  /** The path as bytes, one character each. */
  readonly decodedPath: string;
  readonly query: string;
  /** Of an absolute target its authority, otherwise the header; empty where there is neither. */
  readonly host: string;
  /** Of the body; -1 where only its end will tell (chunked). */
  readonly bodyLength: number;
  /** The client sends its body only when it is asked to. */
  readonly expectsContinue: boolean;
}

/**
 * Checks what node's parser lets through and Go's does not, and what must never be taken in two ways by two servers.
 * `refusesDotSegments`: nobody is sent on to where a path with `..` in it would lead.
 */
export function readHead(
  request: IncomingMessage,
  refusesDotSegments: boolean,
): RequestHead | DirectAnswer {
  const refusal = checkFraming(request);
  if (refusal !== undefined) return refusal;
  const url = request.url as string;
  if (url === "*")
    return empty(request.method === "OPTIONS" ? 200 : 400, request.method !== "OPTIONS");
  const target = parseTarget(url);
  if (target === undefined) return refuse(400);
  const decodedPath = decodePath(target.path);
  if (decodedPath === undefined) return refuse(400);
  if (refusesDotSegments && hasDotSegment(target.path))
    return refuse(400, "a path with dot segments");
  const path = cleanPath(target.path);
  if (path !== target.path) return redirect(toLocation(path, target.query), request.method);
  const { headers } = request;
  return {
    path,
    decodedPath,
    query: target.query,
    host: target.authority ?? headers.host ?? "",
    bodyLength: bodyLength(headers),
    expectsContinue: Boolean(headers.expect) && request.httpVersionMinor > 0,
  };
}

export function isDirectAnswer(head: RequestHead | DirectAnswer): head is DirectAnswer {
  return "status" in head;
}

function checkFraming(request: IncomingMessage): DirectAnswer | undefined {
  const { headers, httpVersionMajor, httpVersionMinor } = request;
  if (httpVersionMajor !== 1) return refuse(httpVersionMajor === 0 ? 400 : 505);
  const isFirst = httpVersionMinor === 0;
  if (headers.host === undefined) {
    if (!isFirst) return refuse(400, "missing required Host header");
  } else if (countHeader(request.rawHeaders, "host") > 1) {
    return refuse(400, "too many Host headers");
  }
  if (!isHost(headers.host ?? "")) return refuse(400, "malformed Host header");
  const coding = headers["transfer-encoding"];
  // HTTP/1.0 knows no codings: whoever ignores this header sees the body end elsewhere.
  if (coding !== undefined && (isFirst || coding.toLowerCase() !== "chunked")) {
    return refuse(400, "unsupported transfer encoding");
  }
  if (headers.expect && !CONTINUE.test(headers.expect)) return empty(417, true);
  return undefined;
}

/** Among whatever else is expected, as Go looks for it. */
const CONTINUE = /(?:^|[ ,\t])100-continue(?:$|[ ,\t])/i;

/** One host asks for most of what is asked here, so the last good one is not looked at again. */
let lastGoodHost = "";
const HOST = /^[\w!$%&'()*+,\-.:;=[\]~]*$/;

function isHost(host: string): boolean {
  if (host === lastGoodHost) return true;
  if (!HOST.test(host)) return false;
  lastGoodHost = host;
  return true;
}

function bodyLength(headers: IncomingHttpHeaders): number {
  if (headers["transfer-encoding"] !== undefined) return -1;
  const length = headers["content-length"];
  return length === undefined ? 0 : Number(length);
}
