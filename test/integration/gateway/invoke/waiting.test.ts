import { describe, test } from "vitest";
import { askRaw, RawClient } from "../../../support/raw-http.ts";
import { always, OK, ScriptedUpstream } from "../../../support/scripted-upstream.ts";
import { until } from "../../../support/until.ts";
import { ScriptedProvider } from "./scripted-provider.ts";
import { GET, startInvoker } from "./start-invoker.ts";

const POST = "POST /function/echo HTTP/1.1\r\nHost: gateway\r\nContent-Length: 4\r\n\r\nbody";
describe("limits", () => {
  test("a function that takes too long is 504, and the limit is named", async ({ expect }) => {
    const slow = await ScriptedUpstream.listen(() => {});
    const { port, provider } = await startInvoker({
      timeout: { ms: 50, variable: "upstream_timeout" },
    });
    provider.set("echo", [slow.port]);
    const answer = await askRaw(port, `${GET}\r\n`);
    expect([answer.status, answer.header("x-openfaas-internal")]).toEqual([504, "gateway"]);
    expect(answer.body).toContain("longer than 50ms, which upstream_timeout allows");
    await until("it is not asked any more", () => slow.asked[0]?.isClosed ?? false);
    provider.set("echo", [slow.port], { annotations: { "com.openfaas.timeout": "60ms" } });
    const other = await askRaw(port, `${GET}\r\n`);
    expect(other.body).toContain("longer than 60ms, which com.openfaas.timeout allows");
  });

  test("an answer that does not end in time is cut, a stream goes on", async ({ expect }) => {
    const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type:";
    const cut = await ScriptedUpstream.listen(always(`${head} text/plain\r\n\r\n1\r\na\r\n`));
    const stream = await ScriptedUpstream.listen(
      always(`${head} text/event-stream\r\n\r\n1\r\na\r\n`),
    );
    const { port, provider } = await startInvoker({ timeout: { ms: 50, variable: "x" } });
    provider.set("echo", [stream.port]);
    const streaming = await RawClient.connect(port);
    streaming.send(`${GET}\r\n`);
    await until("the stream begins", () => streaming.received.includes("1\r\na\r\n"));
    provider.set("echo", [cut.port]);
    const client = await RawClient.connect(port);
    client.send(`${GET}\r\n`);
    expect(await client.closed()).toBe("reset");
    expect(client.received).not.toContain("0\r\n\r\n");
    stream.asked[0]?.socket.write("0\r\n\r\n");
    expect((await streaming.answer()).body).toBe("a");
  });

  test("a stream that says nothing for longer than it may is cut, one that says something is not", async ({
    expect,
  }) => {
    const upstream = await ScriptedUpstream.listen(
      always(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/event-stream\r\n\r\n",
      ),
    );
    const { port, provider, counted } = await startInvoker({ streamIdleMs: 400 });
    provider.set("echo", [upstream.port]);
    const client = await RawClient.connect(port);
    client.send(`${GET}\r\n`);
    await until("a request", () => upstream.asked.length === 1);
    const begun = performance.now();
    const talk = setInterval(() => upstream.asked[0]?.socket.write("1\r\na\r\n"), 20);
    await until("it has gone on for longer", () => performance.now() - begun > 1_000);
    expect(client.ending).toBeUndefined();
    clearInterval(talk);
    expect(await client.closed()).toBe("reset");
    expect(counted("echo").ended).toEqual([200]);
  });

  test("whoever stops closes tunnels, and both sides hear of it", async ({ expect }) => {
    const upstream = await ScriptedUpstream.listen(
      always("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"),
    );
    const { port, provider, invoker } = await startInvoker();
    provider.set("echo", [upstream.port]);
    const client = await RawClient.connect(port);
    client.send(`${GET}Connection: Upgrade\r\nUpgrade: x\r\n\r\n`);
    await until("the tunnel", () => client.received.includes(" 101 "));
    invoker.closeTunnels();
    await client.closed();
    await until("the other side", () => upstream.asked[0]?.isClosed ?? false);
    await until("nothing is in flight", () => invoker.inFlight === 0);
    expect(client.received).toContain("X-Call-Id: ");
  });
});

describe("from zero", () => {
  test("no replica, and nobody who starts one, is 503", async ({ expect }) => {
    const { port, provider, counted } = await startInvoker();
    provider.set("echo", []);
    const answer = await askRaw(port, POST);
    expect([answer.status, answer.header("retry-after")]).toEqual([503, "1"]);
    expect(answer.body).toBe("Service Unavailable: echo.openfaas-fn has no replica that answers\n");
    expect(counted("echo").load).toEqual(["wait", "refused"]);
  });

  test("no replica, though one was waited for, is 503 that says where to look", async ({
    expect,
  }) => {
    const { port, provider } = await startInvoker({ whenAvailable: async () => {} });
    provider.set("echo", []);
    const { status, body } = await askRaw(port, POST);
    expect([status, body]).toEqual([
      503,
      "Service Unavailable: echo.openfaas-fn has no replica that answers: none took requests in time; faas-cli logs echo.openfaas-fn says why\n",
    ]);
  });

  test("T45: all requests that wait are answered once there is a replica", async ({ expect }) => {
    const upstream = await ScriptedUpstream.listen(always(OK));
    const { promise, resolve } = Promise.withResolvers<void>();
    let waiting = 0;
    const { port, provider } = await startInvoker({
      whenAvailable: () => {
        waiting++;
        return promise;
      },
    });
    provider.set("echo", []);
    const answers = Promise.all(Array.from({ length: 100 }, () => askRaw(port, POST)));
    await until("all wait", () => waiting === 100);
    provider.set("echo", [upstream.port]);
    resolve();
    expect((await answers).map(({ status }) => status)).toEqual(Array(100).fill(200));
  });

  test("T45: who waits longer than the limit, or in vain, is told so with 503", async ({
    expect,
  }) => {
    let isAborted = false;
    const provider = new ScriptedProvider();
    provider.set("echo", [], { annotations: { "com.openfaas.timeout": "50ms" } });
    provider.set("vain", []);
    const { port } = await startInvoker(
      {
        whenAvailable: ({ name }, signal) => {
          if (name === "vain") return Promise.reject(new Error("it does not start"));
          signal.addEventListener("abort", () => {
            isAborted = true;
          });
          return new Promise(() => {});
        },
      },
      provider,
    );
    expect((await askRaw(port, POST)).status).toBe(503);
    expect(isAborted).toBe(true);
    expect((await askRaw(port, POST.replace("echo", "vain"))).status).toBe(503);
  });

  test("one whose last replica has gone before anybody said so waits like the others", async ({
    expect,
  }) => {
    const upstream = await ScriptedUpstream.listen(always(OK));
    const gone = await ScriptedUpstream.listen(always(OK));
    const provider = new ScriptedProvider();
    provider.set("echo", [gone.port]);
    const whenAvailable = async () => void provider.set("echo", [upstream.port]);
    const { port } = await startInvoker({ whenAvailable }, provider);
    expect((await askRaw(port, `${GET}\r\n`)).status).toBe(200);
    await gone.leave();
    provider.setSilently("echo", []);
    expect((await askRaw(port, POST)).status).toBe(200);
    expect(upstream.asked.length).toBe(1);
  });
});
