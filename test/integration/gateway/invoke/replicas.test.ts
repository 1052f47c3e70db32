import { describe, test } from "vitest";
import { askRaw, RawClient } from "../../../support/raw-http.ts";
import { always, OK, ScriptedUpstream } from "../../../support/scripted-upstream.ts";
import { until } from "../../../support/until.ts";
import { GET, startInvoker } from "./start-invoker.ts";

const POST = "POST /function/echo HTTP/1.1\r\nHost: gateway\r\nContent-Length: 4\r\n\r\nbody";
const BUSY = "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 4\r\n\r\nbusy";

/** A port on which nobody listens. */
async function deadPort(): Promise<number> {
  const upstream = await ScriptedUpstream.listen(() => {});
  await upstream.leave();
  return upstream.port;
}

async function askOften(port: number, times: number, request = `${GET}\r\n`): Promise<number[]> {
  const statuses: number[] = [];
  for (let count = 0; count < times; count++) statuses.push((await askRaw(port, request)).status);
  return statuses;
}

describe("which replica", () => {
  test("one with less to do is asked before one that is full", async ({ expect }) => {
    const slow = await ScriptedUpstream.listen(() => {});
    const quick = await ScriptedUpstream.listen(always(OK));
    const { port, provider } = await startInvoker();
    provider.set("echo", [slow.port], { maxInflight: 1 });
    const client = await RawClient.connect(port);
    client.send(`${GET}\r\n`);
    await until("the slow one is full", () => slow.asked.length === 1);
    provider.set("echo", [slow.port, quick.port], { maxInflight: 1 });
    expect(await askOften(port, 20)).toEqual(Array(20).fill(200));
  });

  test("a request that one could not take is sent to another, whatever its method", async ({
    expect,
  }) => {
    const upstream = await ScriptedUpstream.listen(always(OK));
    const { port, provider } = await startInvoker();
    provider.set("echo", [await deadPort(), upstream.port, await deadPort()]);
    expect(await askOften(port, 10, POST)).toEqual(Array(10).fill(200));
  });

  test("a request is never sent again where something of it may have been read", async ({
    expect,
  }) => {
    const breaks = async () => await ScriptedUpstream.listen(({ socket }) => void socket.destroy());
    const [first, second] = [await breaks(), await breaks()];
    const { port, provider } = await startInvoker();
    provider.set("echo", [first.port, second.port]);
    const answer = await askRaw(port, POST);
    expect([answer.status, answer.header("x-openfaas-internal")]).toEqual([502, "gateway"]);
    expect(answer.body).toContain("echo.openfaas-fn");
    expect(first.asked.length + second.asked.length).toBe(1);
  });

  test("that none could be reached is said with 502", async ({ expect }) => {
    const { port, provider } = await startInvoker();
    provider.set("echo", [await deadPort(), await deadPort()]);
    const answer = await askRaw(port, POST);
    expect([answer.status, answer.body]).toEqual([
      502,
      "Bad Gateway: no replica of echo.openfaas-fn could be reached\n",
    ]);
  });

  test("where one says 429 the next one is asked, with the same body", async ({ expect }) => {
    const busy = await ScriptedUpstream.listen(always(BUSY));
    const free = await ScriptedUpstream.listen(always(OK));
    const { port, provider } = await startInvoker();
    provider.set("echo", [busy.port, free.port]);
    await until("the busy one was asked", async () => {
      expect(await askOften(port, 1, POST)).toEqual([200]);
      return busy.asked.length > 0;
    });
    expect(free.asked.every(({ received }) => received.endsWith("body"))).toBe(true);
  });

  test("where all say 429, so does the gateway", async ({ expect }) => {
    const [first, second] = [
      await ScriptedUpstream.listen(always(BUSY)),
      await ScriptedUpstream.listen(always(BUSY)),
    ];
    const { port, provider } = await startInvoker();
    provider.set("echo", [first.port, second.port]);
    const answer = await askRaw(port, POST);
    expect([answer.status, answer.body]).toEqual([429, "busy"]);
    expect([first.asked.length, second.asked.length]).toEqual([1, 1]);
  });

  test("a small body that comes slowly takes no replica before it is complete", async ({
    expect,
  }) => {
    const upstream = await ScriptedUpstream.listen(always(OK));
    const { port, provider, counted } = await startInvoker();
    provider.set("echo", [upstream.port]);
    const client = await RawClient.connect(port);
    client.send(POST.slice(0, -2));
    await until("it has begun", () => counted("echo").started === 1);
    expect([upstream.connections.length, counted("echo").load]).toEqual([0, []]);
    client.send(POST.slice(-2));
    expect((await client.answer()).status).toBe(200);
  });
});
