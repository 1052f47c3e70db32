import { MARK } from "../visit-mark.ts";
import { ask } from "./ask.ts";
import { forgeries } from "./forgeries.ts";

/** Stands for the key that opens the function `keyed`. */
export const KEY_PLACE = "~~key~~";

const WHO_MAY: readonly string[] = [
  "Authorization: Basic \r\n",
  "Authorization: Basic YWRtaW46\r\n",
  "Authorization: Basic YWRtaW46YWRtaW4=\r\nAuthorization: Bearer x\r\n",
  `Authorization: Bearer ${KEY_PLACE}\r\n`,
  `X-Api-Key: ${KEY_PLACE}\r\n`,
  "X-Forwarded-For: 127.0.0.1\r\nX-Real-Ip: 127.0.0.1\r\n",
  "X-Breeze-Delivery: forged\r\nX-Breeze-Attempt: forged\r\n",
  "X-Original-Url: /healthz\r\nX-Rewrite-Url: /healthz\r\n",
  "X-Http-Method-Override: GET\r\n",
  "Connection: Authorization, Host, Content-Length\r\n",
];

/** What only the gateway may say, and what is about a connection alone (T27, T32). */
const CLAIMS: readonly string[] = [
  "X-Forwarded-For: forged/1\r\nX-Forwarded-Host: forged/2\r\nX-Forwarded-Proto: forged\r\nForwarded: for=forged\r\nX-Real-Ip: forged\r\n",
  "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-For: forged\r\n",
  "X-Call-Id: forged/id\r\nX-Start-Time: forged\r\nX-Duration-Seconds: forged\r\nX-Function-Status: forged\r\n",
  `X-Call-Id: ${MARK}\r\nX-Call-Id: ${MARK}\r\n`,
  "X-Breeze-Delivery: forged\r\nX-Breeze-Attempt: forged\r\n",
  "X-Breeze-Attempt: forged\r\nX-Breeze-Attempt: 2\r\n",
  "Traceparent: forged\r\nTracestate: forged=1\r\n",
  "Traceparent: 00-00000000000000000000000000000000-0000000000000000-01\r\n",
  "Connection: X-Call-Id, X-Start-Time, X-Forwarded-For, Traceparent, X-Api-Key, Host\r\n",
  "Connection: close, X-Secret\r\nX-Secret: forged\r\nKeep-Alive: forged\r\nTE: trailers\r\n",
  "Proxy: forged\r\nProxy-Authorization: forged\r\nProxy-Connection: keep-alive\r\nTrailer: X-A\r\n",
  "X_Call_Id: forged\r\nX-Call_Id: forged\r\nX-Forwarded_For: forged\r\n",
  "Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n",
  "Upgrade: websocket, x\r\nConnection: keep-alive, Upgrade\r\nContent-Length: 3\r\n",
  "Upgrade: websocket\r\n",
  "Connection: upgrade\r\n",
  "Expect: 100-continue\r\n",
  "Expect: 200-ok\r\n",
  "Accept-Encoding: forged\r\nRange: bytes=0-\r\nIf-None-Match: *\r\nContent-Type: \xff\r\n",
  `Cookie: a=1\r\nCookie: ${MARK}\r\nX-Latin: \xe4\xf6\xfc\r\n`,
];

/** As a name, and with what stands for another host. */
const HOSTS: readonly string[] = [
  ...[
    "shop.example.com",
    "SHOP.example.com.",
    "shop.example.com:80",
    "shop.example.com:",
    "x.shop.example.com",
  ],
  ...[
    "",
    " ",
    "a b",
    "a,b",
    "127.0.0.1",
    "[::1]:8080",
    "gateway/system/functions",
    "gateway@shop.example.com",
    "\xff",
  ],
];

const insert = (request: string, lines: string) =>
  request.replace("Host: gateway\r\n", `Host: gateway\r\n${lines}`);

/** What is said of oneself and of the request, to whoever believes it. */
export function headers(): string[] {
  const allowed = WHO_MAY.flatMap((lines) => forgeries.map((row) => insert(row, lines)));
  const invoked = ["/function/echo", "/function/keyed", "/shop/a", "/async-function/echo"].flatMap(
    (target) => [...CLAIMS, ...WHO_MAY].map((lines) => ask("POST", target, lines, MARK)),
  );
  const keyed = CLAIMS.map((lines) =>
    ask("POST", "/function/keyed", `X-Api-Key: ${KEY_PLACE}\r\n${lines}`, MARK),
  );
  const hosted = HOSTS.flatMap((host) =>
    ["/", "/shop", "/system/functions", "/%2e%2e/system/functions"].map((target) =>
      ask("GET", target).replace("Host: gateway", `Host: ${host}`),
    ),
  );
  return [...allowed, ...invoked, ...keyed, ...hosted];
}
