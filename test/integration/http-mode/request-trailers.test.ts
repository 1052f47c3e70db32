import { describe, test } from "vitest";
import { OK, startProxy } from "../../support/scripted-upstream.ts";
import { until } from "../../support/until.ts";

const HEAD = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
const LAST = "0\r\nX-Sum: 6\r\nHost: evil\r\n\r\n";

const start = (variables = {}) =>
  startProxy(({ socket, received }) => {
    if (/0\r\n|\r\n\r\nabc/.test(received)) socket.write(OK);
  }, variables);

describe("trailers of a request", () => {
  for (const [how, isAtOnce] of [
    ["later than its body", false],
    ["in one read with it", true],
  ] as const) {
    test(`that come ${how} reach the upstream, but for those that say how to read it`, async ({
      expect,
    }) => {
      const { watchdog, upstream } = await start();
      const client = await watchdog.connect();
      client.send(`${HEAD}3\r\nabc\r\n${isAtOnce ? LAST : ""}`);
      await until("a part", () => upstream.asked[0]?.received.includes("abc") ?? false);
      if (!isAtOnce) client.send(LAST);
      expect((await client.answer()).status).toBe(200);
      expect(upstream.asked[0]?.received).toMatch(/\r\n3\r\nabc\r\n0\r\nX-Sum: 6\r\n\r\n$/);
    });
  }

  test("have no place behind a body that is kept until its length is known", async ({ expect }) => {
    const { watchdog, upstream } = await start({ http_buffer_req_body: "true" });
    expect((await watchdog.ask(`${HEAD}3\r\nabc\r\n${LAST}`)).status).toBe(200);
    expect(upstream.asked[0]?.received).toMatch(/Content-Length: 3\r\n\r\nabc$/);
  });
});
