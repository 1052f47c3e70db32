import { ask } from "./ask.ts";
import { forgeries } from "./forgeries.ts";

const smuggledRequests = [
  ...forgeries,
  ask("GET", "/function/echo/smuggled", "X-Start-Time: forged\r\n"),
];

/** Behind each of these a parser may see the beginning of another request, where another sees a body. */
export function smuggled(): string[] {
  const chunked = "Transfer-Encoding: chunked\r\n";
  const carriers: ((inner: string) => string)[] = [
    (inner) =>
      `${ask("POST", "/function/echo", `${chunked}Content-Length: 4\r\n`)}0\r\n\r\n${inner}`,
    (inner) =>
      ask("POST", "/function/echo", `Content-Length: ${inner.length + 5}\r\n${chunked}`) +
      `0\r\n\r\n${inner}`,
    (inner) => `${ask("POST", "/function/echo", `${chunked} x\r\n`)}0\r\n\r\n${inner}`,
    (inner) =>
      `${ask("POST", "/function/echo", `Transfer-Encoding : chunked\r\n`)}0\r\n\r\n${inner}`,
    (inner) =>
      ask("POST", "/function/echo", "Transfer-Encoding: identity, chunked\r\n") +
      `0\r\n\r\n${inner}`,
    (inner) =>
      ask("POST", "/function/echo", `Content-Length: 0\r\nContent-Length: ${inner.length}\r\n`) +
      inner,
    (inner) => ask("GET", "/function/echo", `Content-Length: ${inner.length}\r\n`) + inner,
    (inner) => ask("GET", "/healthz", `Content-Length: ${inner.length}\r\n`) + inner,
    (inner) => ask("POST", "/function/nobody", `Content-Length: ${inner.length}\r\n`) + inner,
    (inner) => ask("POST", "/function/keyed", `Content-Length: ${inner.length}\r\n`) + inner,
    (inner) => `${ask("POST", "/function/echo", chunked)}1;a=b\nx\r\n${inner}`,
    (inner) =>
      `${ask("POST", "/function/echo", chunked)}1;"\r\nx\r\n0\r\nX-Trailer: a\r\n\r\n${inner}`,
    (inner) =>
      ask("POST", "/function/echo", chunked) +
      `0\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
    (inner) =>
      ask("POST", "/function/echo", `Expect: 100-continue\r\nContent-Length: ${inner.length}\r\n`) +
      inner,
    (inner) => ask("POST", "/async-function/echo", `Content-Length: ${inner.length}\r\n`) + inner,
    (inner) => ask("GET", "/function/echo", `X-A: b\r\n ${inner}`),
    (inner) => ask("GET", `/function/echo?${inner}`),
    (inner) => ask("GET", "/function/echo", `X-A: ${inner}`),
    (inner) =>
      ask("GET", "/function/echo", "Connection: upgrade\r\nUpgrade: websocket\r\n") + inner,
    (inner) =>
      ask(
        "GET",
        "/function/echo",
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n",
      ) + inner,
    (inner) => ask("CONNECT", "gateway:80") + inner,
    (inner) => ask("HEAD", "/function/echo") + inner,
    (inner) => ask("GET", "/function/echo").replace("1.1", "1.0") + inner,
  ];
  return carriers.flatMap((carry) => smuggledRequests.map(carry));
}
