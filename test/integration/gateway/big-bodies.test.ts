import { once } from "node:events";
import { connect } from "node:net";
import { describe, test } from "vitest";
import { readMemory, watchMemory } from "../../../bench/server/memory.ts";
import { fixture } from "../../support/fixture.ts";
import { createDataFolder, RunningGateway } from "../../support/run-gateway.ts";

const PIECE = Buffer.alloc(1024 * 1024);
const PIECES = 300;
const BYTES = PIECE.length * PIECES;
const MOST_MIB = 64;

async function readAll({ body }: Response): Promise<number> {
  let bytes = 0;
  for await (const chunk of body ?? []) bytes += chunk.length;
  return bytes;
}

/** As fast as can be, or the gateway would be held back by its client and have nothing to hold: all bytes, with head and chunks. */
async function readFast(url: string): Promise<number> {
  const { hostname, port, pathname } = new URL(url);
  let bytes = 0;
  const buffer = Buffer.alloc(1024 * 1024);
  const socket = connect({
    host: hostname,
    port: Number(port),
    onread: {
      buffer,
      callback(count) {
        bytes += count;
        return true;
      },
    },
  });
  socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`);
  await once(socket, "close");
  return bytes;
}

async function* pieces() {
  for (let sent = 0; sent < PIECES; sent++) yield PIECE;
}

async function startWith(process: string, mode: string): Promise<RunningGateway> {
  const gateway = await RunningGateway.start(createDataFolder());
  const envVars = { mode, exec_timeout: "60s" };
  await gateway.deploy("big", process, { envVars });
  // Whatever is made once is there when it is measured.
  await readAll(await gateway.ask("/function/big", { method: "POST", body: "small" }));
  return gateway;
}

/** How much more of memory it is at its peak, in MiB. */
async function growthOf(gateway: RunningGateway, work: () => Promise<unknown>): Promise<number> {
  const pids = [gateway.process.pid as number];
  const idle = readMemory(pids);
  const watch = watchMemory(pids);
  await work();
  return watch.stop().anonymous - idle.anonymous;
}

describe("the memory of the gateway", { timeout: 120_000 }, () => {
  test("hardly grows with an answer of 300 MiB in chunks", async ({ expect }) => {
    const gateway = await startWith(`${process.execPath} ${fixture("pours-bytes.ts")}`, "http");
    let received = 0;
    const growth = await growthOf(gateway, async () => {
      received = await readFast(`${gateway.url}/function/big/${PIECES}`);
    });
    expect(received).toBeGreaterThan(BYTES);
    expect(growth).toBeLessThan(MOST_MIB);
  });

  test("hardly grows with a body of 300 MiB, in chunks or of known length", async ({ expect }) => {
    const gateway = await startWith("wc -c", "streaming");
    for (const body of [ReadableStream.from(pieces()), Buffer.alloc(BYTES)]) {
      let said = "";
      const growth = await growthOf(gateway, async () => {
        const init = { method: "POST", body, duplex: "half" } as RequestInit;
        said = await (await gateway.ask("/function/big", init)).text();
      });
      expect(said.trim()).toBe(String(BYTES));
      expect(growth).toBeLessThan(MOST_MIB);
    }
  });
});
