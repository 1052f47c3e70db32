import { describe, test } from "vitest";
import { always, headLines, OK, startProxy } from "../../support/scripted-upstream.ts";
import { toGet } from "../../support/start-watchdog.ts";
import { bearer, TokenIssuer } from "../../support/token-issuer.ts";

describe("with jwt_auth, the upstream", () => {
  test("gets the token that was looked at, and how long that took, from nobody else", async ({
    expect,
  }) => {
    const issuer = await TokenIssuer.start();
    const { watchdog, upstream } = await startProxy(always(OK), issuer.variables);
    const token = bearer(await issuer.sign());
    const others = "Authorization: other\r\nX-Auth-Seconds: 7\r\n";
    expect((await watchdog.ask(toGet("/", `${token}${others}`))).body).toBe("ok");
    const lines = await headLines(upstream);
    expect(lines.slice(-2)).toEqual([
      token.trimEnd(),
      expect.stringMatching(/^X-Auth-Seconds: 0\.\d{6}$/),
    ]);
  });

  test("never hears of who is not let in, as a WebSocket either", async ({ expect }) => {
    const issuer = await TokenIssuer.start();
    const { watchdog, upstream } = await startProxy(always(OK), issuer.variables);
    const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    const key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    for (const headers of ["", `${upgrade}${key}`]) {
      expect((await watchdog.ask(toGet("/", headers))).status).toBe(401);
    }
    expect(upstream.asked).toEqual([]);
  });
});
