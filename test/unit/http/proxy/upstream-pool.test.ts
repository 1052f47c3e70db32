import dns from "node:dns";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { describe, onTestFinished, test, vi } from "vitest";
import { ProxiedRequest } from "../../../../src/http/proxy/proxied-request.ts";
import { UpstreamPool } from "../../../../src/http/proxy/upstream-pool.ts";
import { until } from "../../../support/until.ts";

const ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

describe("a request whose connection does not come about", () => {
  for (const method of ["GET", "POST"]) {
    test(`goes on one that is free meanwhile, a ${method}`, async ({ expect }) => {
      const { send, sockets, received } = await startPool();
      const first = send(method, "/1");
      await until("the first", () => received().includes("/1"));
      const [second, third] = [send(method, "/2"), send(method, "/3")];
      sockets[0]?.write(ANSWER);
      await until("the second", () => received().includes("/2"));
      expect([first.status, second.status, received().includes("/3")]).toEqual([200, 0, false]);
      sockets[0]?.write(ANSWER);
      await until("the third", () => received().includes("/3"));
      sockets[0]?.write(ANSWER);
      await until("its answer", () => third.status === 200);
      expect([second.status, sockets.length]).toEqual([200, 1]);
    });
  }

  test("is not answered by what comes behind the answer to another", async ({ expect }) => {
    const { send, sockets, received } = await startPool();
    const first = send("GET", "/1");
    await until("the first", () => received().includes("/1"));
    const second = send("GET", "/2");
    sockets[0]?.write(`${ANSWER}${ANSWER}`);
    await until("the connection is given up", () => sockets[0]?.destroyed === true);
    expect([first.status, second.status, received().includes("/2")]).toEqual([200, 0, false]);
  });
});

test("a request that is given up behind its answer leaves its connection to whoever has it since", async ({
  expect,
}) => {
  const { send, sockets, received } = await startPool();
  const first = send("GET", "/1");
  await until("the first", () => received().includes("/1"));
  sockets[0]?.write(ANSWER);
  await until("its answer", () => first.status === 200);
  const second = send("GET", "/2");
  await until("the second", () => received().includes("/2"));
  first.proxied.abort();
  sockets[0]?.write(ANSWER);
  await until("its answer", () => second.status === 200);
  expect(sockets).toHaveLength(1);
});

test("a POST whose kept connection ends before it is written is written once", async ({
  expect,
}) => {
  const { pool, send, sockets, received } = await startPool(2);
  const kept = await keepOne(pool, send, sockets);
  kept.idleSince -= 100;
  const second = send("POST", "/2");
  kept.socket.emit("end");
  await until("the second", () => received().includes("/2"));
  sockets[1]?.write(ANSWER);
  await until("its answer", () => second.status === 200);
  expect(received().split("POST /2")).toHaveLength(2);
});

test("a POST goes at once on a connection that answered just now", async ({ expect }) => {
  const { pool, send, sockets } = await startPool();
  const kept = await keepOne(pool, send, sockets);
  const before = kept.socket.bytesWritten;
  send("POST", "/2");
  expect(kept.socket.bytesWritten).toBeGreaterThan(before);
});

test("a POST waits for what there is to hear where a connection has ended right behind its answer", async ({
  expect,
}) => {
  const { pool, send, sockets, received } = await startPool(2);
  const ended = await keepOne(pool, send, sockets);
  // However long it takes here.
  ended.idleSince += 60_000;
  sockets[0]?.end();
  await until("it has ended", () => ended.socket.destroyed);
  const next = send("GET", "/2");
  await until("the second", () => received().includes("/2"));
  sockets[1]?.write(ANSWER);
  await until("its answer", () => next.status === 200);
  const kept = pool.take();
  pool.onIdle(kept);
  const before = kept.socket.bytesWritten;
  send("POST", "/3");
  expect(kept.socket.bytesWritten).toBe(before);
  await until("the third", () => received().includes("POST /3"));
});

type Started = Awaited<ReturnType<typeof startPool>>;

/** A connection that has answered, and is kept. */
async function keepOne(pool: Started["pool"], send: Started["send"], sockets: Started["sockets"]) {
  const first = send("GET", "/1");
  await until("the first is asked", () => sockets.length === 1);
  sockets[0]?.write(ANSWER);
  await until("its answer", () => first.status === 200);
  const kept = pool.take();
  pool.onIdle(kept);
  return kept;
}

/** A pool to which only as many connections come about: then the name of the host is never found again. */
async function startPool(connections = 1) {
  const sockets: Socket[] = [];
  let text = "";
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", (piece) => {
      text += piece;
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const lookup = vi.spyOn(dns, "lookup").mockImplementation(((
    _host: string,
    _options: object,
    onFound: (error: null, addresses: object[]) => void,
  ) => {
    if (lookup.mock.calls.length > connections) return;
    onFound(null, [{ address: "127.0.0.1", family: 4 }]);
  }) as unknown as typeof dns.lookup);
  const { port } = server.address() as AddressInfo;
  const pool = new UpstreamPool({ host: "upstream", port, socketPath: undefined, basePath: "" });
  onTestFinished(() => {
    pool.close();
    lookup.mockRestore();
    server.close();
  });
  const send = (method: string, path: string) => ask(pool, method, path);
  return { pool, send, sockets, received: () => text };
}

function ask(pool: UpstreamPool, method: string, path: string) {
  const outgoing = { method, path, host: "x", headers: [], body: undefined, length: undefined };
  const proxied = new ProxiedRequest(
    pool,
    { ...outgoing, upgrade: undefined },
    {
      onInformation() {},
      onHead: ({ status }) => {
        told.status = status;
      },
      onChunk() {},
      onEnd() {},
      onUpgraded() {},
      onFailed() {},
    },
  );
  const told = { status: 0, proxied };
  proxied.send();
  return told;
}
