import { type Case, request } from "../case.ts";

const kept = (body: string, method = "POST"): string => request({ method, body, keepsAlive: true });
const last = (body: string): string => request({ method: "POST", body });
const keepAlive10 = request({
  version: "1.0",
  keepsAlive: true,
  headers: "Connection: keep-alive\r\n",
});

const conversations: Readonly<Record<string, Omit<Case, "name">>> = {
  "one request, kept alive": { sent: request({ keepsAlive: true }) },
  "three in a row at once": { sent: kept("1") + kept("2") + last("3") },
  "two of HTTP/1.0 with keep-alive": { sent: keepAlive10 + keepAlive10 },
  "a request behind the last one": { sent: last("1") + last("2") },
  "a method that is refused, then another": {
    sent: request({ method: "HEAD", keepsAlive: true }) + last("2"),
    methods: ["HEAD", "POST"],
  },
  "OPTIONS *, then another": {
    sent: request({ method: "OPTIONS", target: "*", keepsAlive: true }) + last("2"),
  },
  "health, then another": { sent: request({ target: "/_/health", keepsAlive: true }) + last("2") },
  "a bad target, then another": { sent: request({ target: "/%zz", keepsAlive: true }) + last("2") },
  "an unknown method between two": {
    sent: kept("1") + request({ method: "FOO", keepsAlive: true }) + last("3"),
  },
  "a bad request behind a good one": { sent: `${kept("1")}garbage\r\n\r\n` },
  "two Hosts behind a good one": { sent: kept("1") + request({ headers: "Host: b\r\n" }) },
  "a small body that nobody reads, then another": {
    sent: kept("x".repeat(1000), "OPTIONS") + last("2"),
  },
  "a big body that nobody reads, then another": {
    sent: kept("x".repeat(300_000), "OPTIONS") + last("2"),
  },
  "Connection: keep-alive, close": {
    sent: request({ keepsAlive: true, headers: "Connection: keep-alive, close\r\n" }),
  },
  "half-closed": { sent: last("abc"), isHalfClosed: true },
  "half-closed, HTTP/1.0": {
    sent: request({ version: "1.0", keepsAlive: true }),
    isHalfClosed: true,
  },
  "half-closed behind two": { sent: kept("1") + last("2"), isHalfClosed: true },
  "half-closed without a word": { sent: "", isHalfClosed: true },
};

/** What becomes of a connection. */
export const connectionCases: readonly Case[] = Object.entries(conversations).map(
  ([name, conversation]) => ({ name, ...conversation }),
);
