import { test } from "vitest";
import type { Guard } from "../../../../src/gateway/invoke/context.ts";
import { RawClient } from "../../../support/raw-http.ts";
import { OK } from "../../../support/scripted-upstream.ts";
import { GET, startEcho } from "./start-invoker.ts";

test("an upgrade that comes in one piece with a request that is refused at once is refused too, and ends nobody", async ({
  expect,
}) => {
  const { port } = await startEcho(OK, { guard: letsNobodyIn });
  const client = await RawClient.connect(port);
  client.send(`${GET}\r\n`);
  expect((await client.answer()).status).toBe(401);
  // The function is known by now: nothing has to be waited for.
  client.send(`${GET}\r\n${GET}Connection: upgrade\r\nUpgrade: websocket\r\n\r\n`);
  const statuses = [(await client.answer()).status, (await client.answer()).status];
  expect(statuses).toEqual([401, 401]);
});

const letsNobodyIn: Guard = {
  admit: () => ({ status: 401, headers: [], body: "" }),
  credentialHeaders: () => [],
  isDelivery: () => false,
};

test("T32: a client that resets its connection at once is not served as one of no address", async ({
  expect,
}) => {
  const { port, upstream } = await startEcho(OK);
  for (let count = 0; count < 20; count++) {
    const client = await RawClient.connect(port);
    // Both are there before the server looks.
    client.send(`${GET}\r\n`);
    client.reset();
  }
  const last = await RawClient.connect(port);
  last.send(`${GET}\r\n`);
  expect((await last.answer()).status).toBe(200);
  const asked = upstream.asked.map(({ received }) => received).join("");
  const addresses = asked.match(/^x-forwarded-for: .*$/gim)?.map((line) => line.trim());
  expect(new Set(addresses)).toEqual(new Set(["X-Forwarded-For: 127.0.0.1"]));
});
