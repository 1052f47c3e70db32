import { describe, test } from "vitest";
import { AMBIGUOUS_REQUESTS } from "../../../support/ambiguous-requests.ts";
import { RawClient } from "../../../support/raw-http.ts";
import { OK } from "../../../support/scripted-upstream.ts";
import { startEcho } from "./start-invoker.ts";

// The same that a watchdog is tried with: both refuse all of them, so that neither can be led past the other.
describe("T26: a request that two servers could take in two ways", () => {
  for (const [name, request] of Object.entries(AMBIGUOUS_REQUESTS)) {
    test(`${name} is refused by the gateway as by its watchdogs, and what follows it is nobody's`, async ({
      expect,
    }) => {
      const { port, upstream } = await startEcho(OK);
      const client = await RawClient.connect(port);
      const smuggled = "GET /function/echo/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
      client.send(request.replace(" / HTTP", " /function/echo HTTP") + smuggled);
      const { status, header } = await client.answer();
      expect([status, header("connection")]).toEqual([400, "close"]);
      expect([await client.closed(), client.received]).toEqual(["fin", ""]);
      const asked = upstream.asked.map(({ received }) => received).join("");
      expect(asked).not.toContain("smuggled");
    });
  }
});
