import { describe, test } from "vitest";
import { startProxy } from "../../support/scripted-upstream.ts";
import { until } from "../../support/until.ts";

const REFUSAL = "HTTP/1.1 413 Too Much\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno\n";
const SIZE = 30_000_000;

describe("an upstream that refuses an upload and closes, with unread bytes of it", () => {
  for (const framing of [`Content-Length: ${SIZE}`, "Transfer-Encoding: chunked"]) {
    test(`is heard, ${framing}`, async ({ expect }) => {
      const { watchdog } = await startProxy(({ socket }) => {
        socket.pause();
        // What comes meanwhile is not read: the kernel answers it with a reset.
        socket.write(REFUSAL, () => setTimeout(() => socket.destroy(), 20));
      });
      const statuses: string[] = [];
      for (let attempt = 0; attempt < 10; attempt++) {
        const client = await watchdog.connect();
        client.send(`POST / HTTP/1.1\r\nHost: x\r\n${framing}\r\n\r\n`);
        const isChunked = framing.startsWith("T");
        client.send(isChunked ? `${SIZE.toString(16)}\r\n` : "");
        client.send("x".repeat(SIZE / 10));
        await until("an answer", () => client.received.includes("\r\n\r\n"));
        statuses.push(client.received.slice(9, 12));
      }
      expect(statuses).toEqual(Array(10).fill("413"));
    });
  }
});
