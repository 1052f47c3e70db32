import { createHmac } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, onTestFinished, test } from "vitest";
import { until } from "../../../support/until.ts";
import { callBack, startQueue, startReceiver } from "./call-back.ts";
import { submissionOf } from "./submission.ts";

describe("a callback", () => {
  test("has the function's answer, and what the invocation was", async ({ expect }) => {
    const { received, port } = await startReceiver();
    const record = await callBack(await startQueue(), `http://127.0.0.1:${port}/hook?a=b`);
    expect(record).toMatchObject({ state: "completed", callback: "delivered" });
    expect(received).toMatchObject([
      {
        method: "POST",
        url: "/hook?a=b",
        body: "answer of a",
        headers: {
          host: `127.0.0.1:${port}`,
          "content-type": "text/plain",
          "content-length": "11",
          "x-call-id": "a",
          "x-function-name": "echo",
          "x-function-status": "200",
          "x-duration-seconds": "0.001500",
        },
      },
    ]);
    expect(received[0]?.headers["webhook-signature"]).toBeUndefined();
  });

  test("is signed where there is a key", async ({ expect }) => {
    const { received, port } = await startReceiver();
    const signingKey = Buffer.from("a key");
    await callBack(await startQueue({ signingKey }), `http://127.0.0.1:${port}/`);
    const { headers = {}, body = "" } = received[0] ?? {};
    const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
    const expected = createHmac("sha256", signingKey).update(signed).digest("base64");
    expect(headers["webhook-signature"]).toBe(`v1,${expected}`);
  });

  test("tells of an invocation that was given up, too", async ({ expect }) => {
    const { received, port } = await startReceiver();
    const queue = await startQueue({ status: 500 });
    const record = await callBack(queue, `http://127.0.0.1:${port}/`);
    expect(record).toMatchObject({ state: "dead", callback: "delivered" });
    expect(received[0]?.headers["x-function-status"]).toBe("500");
  });

  test("is tried again while the host is ill", async ({ expect }) => {
    let count = 0;
    const { received, port } = await startReceiver((_, response) =>
      response.writeHead(++count < 3 ? 503 : 204).end(),
    );
    const record = await callBack(await startQueue(), `http://127.0.0.1:${port}/`);
    expect([record?.callback, received.length]).toEqual(["delivered", 3]);
  });

  test("is given up when it has failed as often as may be, and the answer stays", async ({
    expect,
  }) => {
    const { received, port } = await startReceiver((_, response) => response.writeHead(500).end());
    const queue = await startQueue({ attempts: 3 });
    const record = await callBack(queue, `http://127.0.0.1:${port}/`);
    expect([record?.callbackReason, received.length]).toEqual([
      "given up after 3 tries: the callback answered 500",
      3,
    ]);
    expect((await queue.answer("a"))?.status).toBe(200);
  });

  test("is not tried again where the host refuses it", async ({ expect }) => {
    const { received, port } = await startReceiver((_, response) => response.writeHead(404).end());
    const record = await callBack(await startQueue(), `http://127.0.0.1:${port}/`);
    expect([record?.callbackReason, received.length]).toEqual(["the callback answered 404", 1]);
  });

  test("T31: that is never answered ends in time", async ({ expect }) => {
    const silent = createServer(() => {});
    await once(silent.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const queue = await startQueue({ timeoutMs: 50, attempts: 2 });
    const record = await callBack(queue, `http://127.0.0.1:${port}/`);
    expect(record?.callbackReason).toMatch(/2 tries: the callback did not answer within 50 ms/);
  });

  test("T31: ends with whoever leaves HTTP in the middle of it, and holds no place", async ({
    expect,
  }) => {
    const switching = createServer((socket) => {
      socket.on("error", () => {});
      socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\nConnection: Upgrade\r\n\r\n");
    });
    await once(switching.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void switching.close());
    const { port } = switching.address() as AddressInfo;
    const record = await callBack(await startQueue(), `http://127.0.0.1:${port}/`);
    expect(record?.callbackReason).toBe("the callback answered 101");
  });

  test("T31: to a slow host holds no more than a few connections, and no other host's callbacks", async ({
    expect,
  }) => {
    let [now, most] = [0, 0];
    let letGo = () => {};
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const slow = await startReceiver(async (_, response) => {
      most = Math.max(most, ++now);
      await gate;
      now--;
      response.end();
    });
    const quick = await startReceiver();
    const queue = await startQueue({ hostConcurrency: 2 });
    const slowUrl = `http://127.0.0.1:${slow.port}/`;
    for (let index = 0; index < 10; index++) {
      await queue.enqueue(submissionOf(`slow${index}`, { callbackUrl: slowUrl }));
    }
    await until("as many are under way as may be", () => now === 2);
    const record = await callBack(queue, `http://127.0.0.1:${quick.port}/`);
    expect([record?.callback, now]).toEqual(["delivered", 2]);
    letGo();
    await until("all are delivered", async () => (await queue.stats()).callbacks === 0);
    expect([slow.received.length, most]).toEqual([10, 2]);
  });
});
