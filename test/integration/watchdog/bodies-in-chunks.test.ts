import { describe, test } from "vitest";
import { startTestWatchdog } from "../../support/start-watchdog.ts";

const CHUNKED = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

const toChunks = (pieces: readonly string[]) =>
  [...pieces, ""].map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`).join("");

const BODIES: Readonly<Record<string, readonly string[]>> = {
  "of two chunks": ["abc", "de"],
  "of a thousand chunks": Array.from({ length: 1_000 }, (_, index) => String(index)),
  "of chunks small and large": ["a", "b".repeat(20_000), "c", "d".repeat(20_000)],
  "of no chunk": [],
};

for (const mode of ["classic", "serializing", "streaming"]) {
  describe(`in ${mode}, a body`, () => {
    for (const [name, pieces] of Object.entries(BODIES)) {
      test(`${name} that comes in one packet with its head reaches the function whole`, async ({
        expect,
      }) => {
        const watchdog = await startTestWatchdog(mode === "classic" ? {} : { mode });
        const client = await watchdog.connect();
        // On one connection, so that the next request shows where the last one ended.
        for (let count = 0; count < 3; count++) {
          client.send(CHUNKED + toChunks(pieces));
          const { status, body } = await client.answer();
          expect([status, body === pieces.join("")]).toEqual([200, true]);
        }
      });
    }
  });
}
