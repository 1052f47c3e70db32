import { createHmac } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, test } from "vitest";
import { listen } from "../../../../src/http/listen.ts";
import { createDataFolder, RunningGateway } from "../../../support/run-gateway.ts";
import { startReceiver } from "../queue/call-back.ts";
import { find, findOnce, submit } from "./queued.ts";

const LOOPBACK = { callback_networks: "127.0.0.0/8" };
const KEY = "a key of this test";

const to = (port: number, path = "/") => ({ "X-Callback-Url": `http://127.0.0.1:${port}${path}` });

async function start(variables: Record<string, string> = LOOPBACK): Promise<RunningGateway> {
  const gateway = await RunningGateway.start(createDataFolder(), variables);
  await gateway.deploy("cat", "cat");
  return gateway;
}

/** Nobody listens at it any more. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server as never, { port: 0, host: "127.0.0.1", variable: "port" });
  server.close();
  return port;
}

describe("a callback of a queued invocation", () => {
  test("has the answer, what the invocation was, and a signature that anybody with the key can check", async ({
    expect,
  }) => {
    const folder = createDataFolder();
    mkdirSync(join(folder, "secrets"));
    writeFileSync(join(folder, "secrets", "hook-key"), KEY);
    const gateway = await RunningGateway.start(folder, {
      ...LOOPBACK,
      basic_auth: "false",
      secret_mount_path: join(folder, "secrets"),
      callback_key: "hook-key",
    });
    await gateway.deploy("cat", "cat", { envVars: { content_type: "text/x-cat" } });
    const { received, port } = await startReceiver();
    expect(await submit(gateway, "cat", "call-1", to(port, "/hook?a=b"))).toBe(202);
    await findOnce(gateway, "call-1", ({ callback }) => callback === "delivered");
    const [{ method, url, body, headers }] = received as [(typeof received)[0]];
    expect([method, url, body]).toEqual(["POST", "/hook?a=b", "call-1"]);
    expect(headers).toMatchObject({
      host: `127.0.0.1:${port}`,
      "content-type": "text/x-cat",
      "content-length": "6",
      "x-call-id": "call-1",
      "x-function-name": "cat",
      "x-function-status": "200",
      "x-duration-seconds": expect.stringMatching(/^\d+\.\d{6}$/),
      "webhook-id": "call-1",
    });
    const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
    const signature = createHmac("sha256", KEY).update(signed).digest("base64");
    expect(headers["webhook-signature"]).toBe(`v1,${signature}`);
    expect(Math.abs(Date.now() / 1000 - Number(headers["webhook-timestamp"]))).toBeLessThan(60);
  });

  test("is tried again after its host was ill, and says meanwhile why it was not delivered", async ({
    expect,
  }) => {
    const gateway = await start();
    let isWell = false;
    const { received, port } = await startReceiver((_, response) =>
      response.writeHead(isWell ? 204 : 503).end(),
    );
    await submit(gateway, "cat", "call-1", to(port));
    const pending = await findOnce(gateway, "call-1", ({ callbackReason }) => !!callbackReason);
    expect(pending).toMatchObject({
      state: "completed",
      callback: "pending",
      callbackReason: "the callback answered 503",
    });
    isWell = true;
    await findOnce(gateway, "call-1", ({ callback }) => callback === "delivered");
    expect(received.length).toBeGreaterThan(1);
    expect(new Set(received.map(({ body }) => body))).toEqual(new Set(["call-1"]));
  });

  test("to a host that refuses it for good, or that is not there, leaves the answer where it is", async ({
    expect,
  }) => {
    const gateway = await start();
    const { received, port } = await startReceiver((_, response) => response.writeHead(410).end());
    await submit(gateway, "cat", "refused", to(port));
    await submit(gateway, "cat", "away", to(await closedPort()));
    const refused = await findOnce(gateway, "refused", ({ callback }) => callback === "failed");
    expect(refused).toMatchObject({
      state: "completed",
      callbackReason: "the callback answered 410",
      answer: { status: 200, body: "refused" },
    });
    expect(received.length).toBe(1);
    const away = await findOnce(gateway, "away", ({ callbackReason }) => !!callbackReason);
    expect(away).toMatchObject({ callback: "pending", answer: { body: "away" } });
    expect(away.callbackReason).toMatch(/ECONNREFUSED/);
  });

  test("T30: follows no redirect to where it may not go, nor to where it may", async ({
    expect,
  }) => {
    const gateway = await start();
    const other = await startReceiver();
    const targets = [`http://127.0.0.1:${other.port}/`, "http://169.254.169.254/latest/meta-data/"];
    for (const [index, location] of targets.entries()) {
      const { port } = await startReceiver((_, response) =>
        response.writeHead(307, { Location: location }).end(),
      );
      await submit(gateway, "cat", `call-${index}`, to(port));
      const found = await findOnce(
        gateway,
        `call-${index}`,
        ({ callback }) => callback === "failed",
      );
      expect(found.callbackReason).toBe("the callback answered 307");
    }
    expect(other.received).toEqual([]);
  });

  test("T30: to the inside, however it is written, is refused when it is asked for", async ({
    expect,
  }) => {
    const gateway = await start({});
    const { received, port } = await startReceiver();
    const urls = [
      `http://127.0.0.1:${port}/`,
      `http://0x7f.1:${port}/`,
      `http://2130706433:${port}/`,
      `http://0177.0.0.1:${port}/`,
      `http://127.1:${port}/`,
      `http://[::1]:${port}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
      `http://[::ffff:7f00:1]:${port}/`,
      `http://localhost:${port}/`,
      `http://LOCALHOST.:${port}/`,
      `http://a.localhost:${port}/`,
      `http://0.0.0.0:${port}/`,
      "http://10.0.0.1/",
      "http://169.254.169.254/latest/meta-data/",
      "http://[fd00:ec2::254]/",
      "http://[64:ff9b::7f00:1]/",
      "http://user:password@example.com/",
      "http://example.com\\@127.0.0.1/",
      "file:///etc/passwd",
      "gopher://example.com/",
      "//example.com/",
      "example.com",
    ];
    for (const url of urls) {
      const accepted = await gateway.ask("/async-function/cat", {
        method: "POST",
        body: "a",
        headers: { "X-Callback-Url": url, "X-Call-Id": "call-1" },
      });
      expect([url, accepted.status, await accepted.text()]).toEqual([
        url,
        400,
        expect.stringMatching(/^Bad Request: .*(callback|unusual)/),
      ]);
    }
    expect((await gateway.ask("/system/async/call-1")).status).toBe(404);
    expect(received).toEqual([]);
  });

  test("tells of an invocation that was given up, too", async ({ expect }) => {
    const gateway = await start();
    const annotations = { "com.openfaas.retry.attempts": "1" };
    await gateway.deploy("fails", "false", { annotations });
    const { received, port } = await startReceiver();
    await submit(gateway, "fails", "call-1", to(port));
    await findOnce(gateway, "call-1", ({ callback }) => callback === "delivered");
    expect(await find(gateway, "call-1")).toMatchObject({ state: "dead", status: 500 });
    expect(received[0]?.headers).toMatchObject({
      "x-function-status": "500",
      "x-call-id": "call-1",
    });
  });
});
