import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, onTestFinished, test } from "vitest";
import { fixture } from "../../support/fixture.ts";
import { OK, startProxy } from "../../support/scripted-upstream.ts";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";
import { until } from "../../support/until.ts";

const READY = toGet("/_/ready");
const REQUESTS = 12;

describe("a function whose socket takes no more connections", () => {
  test("is there all the same: whoever cannot connect waits, and is served", async ({ expect }) => {
    const { watchdog, open } = await startBlocked();
    const answers = Array.from({ length: REQUESTS }, (_, index) =>
      watchdog.ask(index % 2 === 0 ? toGet() : toPost("body")),
    );
    await until("all of them", () => watchdog.telemetry.inFlight === REQUESTS);
    for (let count = 0; count < 5; count++) {
      expect((await watchdog.ask(toGet("/_/health"))).status).toBe(200);
      expect((await watchdog.ask(READY)).status).toBe(200);
    }
    open();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses).toEqual(Array(REQUESTS).fill(200));
  });

  test("is waited for no longer than exec_timeout", async ({ expect }) => {
    const { watchdog } = await startBlocked({ exec_timeout: "500ms" });
    const answers = await Promise.all(
      Array.from({ length: REQUESTS }, () => watchdog.ask(toGet())),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(REQUESTS).fill(504));
  });
});

describe("a request that nobody listens for", () => {
  test("is made anew within its one deadline", async ({ expect }) => {
    const port = await listenNowAndThen();
    const watchdog = await startTestWatchdog({
      mode: "http",
      upstream_url: `http://127.0.0.1:${port}`,
      ready_path: "/ready",
      exec_timeout: "1s",
    });
    const answer = await watchdog.ask(toGet());
    // With a deadline for each attempt it would come to the last one, which is 500.
    expect([answer.status, answer.header("x-breeze-outcome")]).toEqual([504, "timeout"]);
  });

  test("has a client that is not late meanwhile", async ({ expect }) => {
    const { watchdog, upstream } = await startProxy(
      ({ socket }, piece) => {
        if (piece.endsWith("0\r\n\r\n")) socket.write(OK);
      },
      { read_timeout: "500ms" },
    );
    await until("ready", async () => (await watchdog.ask(READY)).status === 200);
    await upstream.leave();
    const client = await watchdog.connect();
    client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
    await until("seen", async () => (await watchdog.ask(READY)).status === 503);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(client.received).toBe("");
    await upstream.comeBack();
    client.send("0\r\n\r\n");
    expect((await client.answer()).status).toBe(200);
  });
});

async function startBlocked(variables: Readonly<Record<string, string>> = {}) {
  const folder = createTemporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  const [socket, gate] = [join(folder.path, "socket"), join(folder.path, "gate")];
  const watchdog = await startTestWatchdog({
    mode: "http",
    fprocess: `${process.execPath} ${fixture("serves-blocked.ts")} ${socket} ${gate}`,
    upstream_url: `unix:${socket}`,
    ...variables,
  });
  await until("ready", async () => (await watchdog.ask(READY)).status === 200);
  return { watchdog, open: () => writeFileSync(gate, "") };
}

/** Listens until it has said that it is ready, and again when a while has passed: nobody is there for what comes then. */
async function listenNowAndThen(): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", () => {
      server.close();
      socket.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.on("close", () => {
    timer = setTimeout(() => server.listen(port, "127.0.0.1"), 400);
  });
  onTestFinished(() => {
    server.removeAllListeners("close");
    clearTimeout(timer);
    server.close();
  });
  return port;
}
