import { type ServerResponse, STATUS_CODES } from "node:http";

/** An answer that the server gives by itself, before the function has a say. */
export interface DirectAnswer {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string;
  /** Nothing more is read from this connection. */
  readonly closes: boolean;
}

/** What cannot be understood or will not be served; where one message ends and the next begins is no longer certain. */
export function refuse(status: number, reason = ""): DirectAnswer {
  const text = `${status} ${STATUS_CODES[status]}`;
  const body = reason === "" ? text : `${text}: ${reason}`;
  return { status, headers: PLAIN_TEXT, body, closes: true };
}

export function empty(status: number, closes: boolean): DirectAnswer {
  return { status, headers: [], body: "", closes };
}

/** As Go says that nothing is there. */
export function notFound(): DirectAnswer {
  const headers = [...PLAIN_TEXT, "X-Content-Type-Options", "nosniff"];
  return { status: 404, headers, body: "404 page not found\n", closes: true };
}

/**
 * 307, as Go since 1.26: at a 301 clients repeat a POST as GET, without its body. The answer has a body where Go's has one: a
 * client that follows nothing should see where it was sent.
 */
export function redirect(location: string, method: string | undefined): DirectAnswer {
  const headers = ["Location", location];
  if (method !== "GET" && method !== "HEAD")
    return { status: 307, headers, body: "", closes: false };
  const link = location.replaceAll("&", "&amp;").replaceAll("'", "&#39;");
  headers.push("Content-Type", "text/html; charset=utf-8");
  return {
    status: 307,
    headers,
    body: `<a href="${link}">Temporary Redirect</a>.\n\n`,
    closes: false,
  };
}

const PLAIN_TEXT = ["Content-Type", "text/plain; charset=utf-8"];

export function sendDirect(
  response: ServerResponse,
  answer: DirectAnswer,
  onSent: () => void,
): void {
  const headers = [...answer.headers, "Content-Length", String(answer.body.length)];
  if (answer.closes) headers.push("Connection", "close");
  response.writeHead(answer.status, headers);
  response.end(answer.body, "latin1", onSent);
}

/** The same for a connection whose request was not understood, so that there is no response to write to. */
export function toWire(answer: DirectAnswer): string {
  let head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n`;
  for (let index = 0; index < answer.headers.length; index += 2) {
    head += `${answer.headers[index]}: ${answer.headers[index + 1]}\r\n`;
  }
  head += `Content-Length: ${answer.body.length}\r\nConnection: close\r\nDate: ${new Date().toUTCString()}\r\n`;
  return `${head}\r\n${answer.body}`;
}
