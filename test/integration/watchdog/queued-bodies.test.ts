import { describe, test } from "vitest";
import { enqueue, startBusy } from "../../support/busy-watchdog.ts";
import { toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const PIECE = "x".repeat(64 * 1024);
const LENGTH = 1_000 * PIECE.length;

describe("a request in the queue", () => {
  for (const mode of ["classic", "serializing", "streaming"]) {
    const variables = mode === "classic" ? {} : { mode };

    test(`takes no more of a waiting body than fits into buffers, in ${mode}`, async ({
      expect,
    }) => {
      const { gate, watchdog } = await startBusy(variables);
      const client = await enqueue(watchdog, toPost("").replace(": 0", `: ${LENGTH}`));
      for (let sent = 0; sent < LENGTH; sent += PIECE.length) client.send(PIECE);
      let taken = -1;
      await until("nothing is taken any more", async () => {
        const before = taken;
        await new Promise((resolve) => setTimeout(resolve, 200));
        taken = LENGTH - client.socket.writableLength;
        return taken === before;
      });
      // What the kernel keeps of a connection.
      expect(taken).toBeLessThan(LENGTH / 2);
      gate.open();
      expect((await client.answer(60_000)).body.length).toBe(LENGTH);
    });

    test(`does not count towards read_timeout, in ${mode}`, async ({ expect }) => {
      const { gate, watchdog } = await startBusy({ ...variables, read_timeout: "500ms" });
      const client = await enqueue(watchdog, toPost("x".repeat(100)).slice(0, -1));
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(client.received).toBe("");
      client.send("x");
      gate.open();
      expect((await client.answer()).body.length).toBe(100);
    });

    test(`is left at once when the time of X-Timeout is over, with the answer of ${mode}`, async ({
      expect,
    }) => {
      const { watchdog } = await startBusy({ ...variables, exec_timeout: "50s" });
      const answer = await watchdog.post("late", "X-Timeout: 100ms\r\n");
      expect(answer.status).toBe(mode === "classic" ? 408 : 500);
      expect(answer.header("x-breeze-outcome")).toBe("timeout");
      expect([watchdog.telemetry.processes, watchdog.telemetry.waiting]).toEqual([1, 0]);
    });

    test(`is left by a body that is no body, in ${mode}`, async ({ expect }) => {
      const { gate, watchdog, first } = await startBusy(variables);
      const chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
      const client = await enqueue(watchdog, chunked);
      client.send("no chunk\r\n");
      expect((await client.answer()).status).toBe(400);
      expect(watchdog.telemetry.waiting).toBe(0);
      gate.open();
      expect((await first.answer()).body).toBe("first");
      expect((await watchdog.post("next")).body).toBe("next");
    });
  }
});
