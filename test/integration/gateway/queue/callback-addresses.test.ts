import { describe, test } from "vitest";
import { createAllowedAddresses } from "../../../../src/gateway/queue/callbacks/allowed-addresses.ts";
import { isPublicAddress } from "../../../../src/gateway/queue/callbacks/public-address.ts";
import { networksOf } from "../../../support/networks.ts";
import { callBack, startQueue, startReceiver } from "./call-back.ts";

describe("T30: a callback", () => {
  test("to a name that leads inside is refused, and nobody is asked", async ({ expect }) => {
    const { received, port } = await startReceiver();
    const resolve = async () => ["127.0.0.1"];
    const queue = await startQueue({ isAllowed: isPublicAddress, resolve });
    const record = await callBack(queue, `http://hooks.example.com:${port}/`);
    expect(record?.callbackReason).toMatch(/hooks\.example\.com.*not on the public internet/);
    expect([record?.callback, received]).toEqual(["failed", []]);
  });

  test("to a name that leads inside besides is refused", async ({ expect }) => {
    const resolve = async () => ["93.184.216.34", "::ffff:127.0.0.1"];
    const queue = await startQueue({ isAllowed: isPublicAddress, resolve });
    const record = await callBack(queue, "http://hooks.example.com/");
    expect(record?.callbackReason).toMatch(/not on the public internet/);
  });

  test("goes to the address that was looked at, whatever the name says next", async ({
    expect,
  }) => {
    const { received, port } = await startReceiver();
    const answers = [["127.0.0.1"], ["127.0.0.2"]];
    let asked = 0;
    const resolve = async () => answers[asked++] ?? [];
    // This name exists nowhere: whoever looked it up once more would not get anywhere.
    const record = await callBack(await startQueue({ resolve }), `http://x.invalid:${port}/`);
    expect([record?.callback, asked]).toEqual(["delivered", 1]);
    expect(received[0]?.headers.host).toBe(`x.invalid:${port}`);
  });

  test("follows no redirect", async ({ expect }) => {
    const inside = await startReceiver();
    const location = `http://127.0.0.1:${inside.port}/`;
    const { port } = await startReceiver((_, response) =>
      response.writeHead(302, { Location: location }).end(),
    );
    const record = await callBack(await startQueue(), `http://127.0.0.1:${port}/`);
    expect(record?.callbackReason).toBe("the callback answered 302");
    expect(inside.received).toEqual([]);
  });

  test("reaches a name that leads to a network that is allowed", async ({ expect }) => {
    const { port } = await startReceiver();
    const isAllowed = createAllowedAddresses(networksOf("127.0.0.0/8"));
    const queue = await startQueue({ isAllowed, resolve: async () => ["127.0.0.1"] });
    const record = await callBack(queue, `http://hooks.internal:${port}/`);
    expect(record?.callback).toBe("delivered");
  });

  test("to a name that leads nowhere is tried again, and given up", async ({ expect }) => {
    const queue = await startQueue({
      attempts: 2,
      resolve: async () => Promise.reject(new Error("no such name")),
    });
    const record = await callBack(queue, "http://hooks.example.com/");
    expect(record?.callbackReason).toBe("given up after 2 tries: no such name");
  });
});
