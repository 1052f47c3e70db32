import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";
import { askRaw } from "../../support/raw-http.ts";
import { Fwatchdog } from "../../support/run-fwatchdog.ts";
import { toGet } from "../../support/start-watchdog.ts";
import { bearer, TokenIssuer } from "../../support/token-issuer.ts";
import { until } from "../../support/until.ts";

const NAMES_ITS_MODULES = fileURLToPath(
  new URL("../../fixtures/names-its-modules.mjs", import.meta.url),
);

describe("the program", () => {
  test("lets in who has a token, and logs who has none", async ({ expect }) => {
    const issuer = await TokenIssuer.start();
    const fwatchdog = new Fwatchdog({ fprocess: "echo in", ...issuer.variables });
    const port = await fwatchdog.port();
    expect((await askRaw(port, toGet("/", bearer(await issuer.sign())))).body).toBe("in\n");
    expect((await askRaw(port, toGet("/"))).status).toBe(401);
    const denied = '"denied":"Bearer must be present in Authorization header"';
    await until("it is logged", () => fwatchdog.stderr.includes(denied));
    expect(fwatchdog.stderr).toContain('"jwtAuth":true');
  });

  test("exits with 78 where it does not know which function it is", async ({ expect }) => {
    const { url } = await TokenIssuer.start();
    const fwatchdog = new Fwatchdog({ fprocess: "cat", jwt_auth: "true", jwt_auth_url: url });
    expect(await fwatchdog.ended()).toBe(78);
    expect(fwatchdog.stderr).toContain("OPENFAAS_NAME: is not set");
  });

  test("is not there while it waits for the issuer, and leaves when it is told to", async ({
    expect,
  }) => {
    const issuer = await TokenIssuer.start();
    issuer.override = (_request, response) => response.writeHead(503).end();
    const fwatchdog = new Fwatchdog({ fprocess: "cat", ...issuer.variables });
    await until("it waits", () => fwatchdog.stderr.includes("Waiting for the keys"), 30_000);
    expect(fwatchdog.stderr).not.toContain('"port":');
    fwatchdog.signal("SIGTERM");
    expect(await fwatchdog.ended()).toBe(1);
    expect(fwatchdog.stderr).toContain("jwt_auth: there are no keys to check tokens with");
  });

  test("loads what checks tokens only where they are asked for", async ({ expect }) => {
    const issuer = await TokenIssuer.start();
    const NODE_OPTIONS = `--import=${NAMES_ITS_MODULES}`;
    const open = new Fwatchdog({ fprocess: "echo in", NODE_OPTIONS });
    const guarded = new Fwatchdog({ fprocess: "echo in", ...issuer.variables, NODE_OPTIONS });
    expect((await askRaw(await open.port(), toGet("/"))).body).toBe("in\n");
    await guarded.port();
    expect(open.stdout).toContain("/src/watchdog/invocation.ts\n");
    expect(guarded.stdout).toContain("/node_modules/jose/");
    for (const needless of ["/node_modules/jose/", "/src/watchdog/jwt/", "node:https"]) {
      expect(open.stdout).not.toContain(needless);
    }
    expect(guarded.stdout).not.toContain("node:https");
  });
});
