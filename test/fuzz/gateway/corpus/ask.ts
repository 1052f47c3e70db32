import { MARK } from "../visit-mark.ts";

/** A request of HTTP/1.1 that is well formed if its parts are. `lines`: of its head, each with its end. */
export function ask(method: string, target: string, lines = "", body = ""): string {
  const length = body === "" ? "" : `Content-Length: ${body.length}\r\n`;
  return `${method} ${target} HTTP/1.1\r\nHost: gateway\r\nX-Visit: ${MARK}\r\n${lines}${length}\r\n${body}`;
}
