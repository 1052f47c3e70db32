import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { noProgramReason } from "../../../support/has-program.ts";
import { NatsServer } from "../../../support/nats-server.ts";
import { createDataFolder, RunningGateway } from "../../../support/run-gateway.ts";
import { until } from "../../../support/until.ts";
import { submit } from "./queued.ts";

const reason = noProgramReason("nats-server") ?? noProgramReason("openssl");
const name = `the way to NATS${reason === undefined ? "" : ` (${reason})`}`;

const to = ({ port }: { port: number }) => ({
  faas_nats_address: "127.0.0.1",
  faas_nats_port: String(port),
});

/** For this machine, signed by itself. */
function createCertificate(folder: string): { readonly key: string; readonly certificate: string } {
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"];
  const whose = ["-subj", "/CN=nats", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", key, "-out", certificate];
  const made = spawnSync("openssl", ["req", "-x509", "-days", "2", ...kind, ...whose, ...files]);
  if (made.status !== 0) throw new Error(`no certificate: ${made.stderr}`);
  return { key, certificate };
}

describe.skipIf(reason !== undefined)(name, () => {
  test("is closed to credentials that NATS refuses, which end the start, and open to the right ones", async ({
    expect,
  }) => {
    const server = await NatsServer.start({ options: ["--user", "ann", "--pass", "secret"] });
    const folder = createDataFolder();
    const secrets = join(folder, "secrets");
    mkdirSync(secrets);
    writeFileSync(join(secrets, "nats"), "ann:wrong\n");
    const variables = {
      ...to(server),
      basic_auth: "false",
      secret_mount_path: secrets,
      faas_nats_credentials: "nats",
    };
    const refused = new RunningGateway(folder, variables);
    expect(await refused.ended()).toBe(1);
    expect(refused.stderr).toMatch(/NATS at 127\.0\.0\.1:\d+ cannot be used: .*uthorization/);
    expect(refused.stderr).not.toContain("wrong");
    writeFileSync(join(secrets, "nats"), "ann:secret\n");
    const gateway = await RunningGateway.start(folder, variables);
    await gateway.deploy("cat", "cat");
    expect(await submit(gateway, "cat", "a")).toBe(202);
  });

  test("is TLS where it has to be, with a certificate that somebody vouches for", async ({
    expect,
  }) => {
    const folder = createDataFolder();
    const { key, certificate } = createCertificate(folder);
    const options = ["--tls", "--tlscert", certificate, "--tlskey", key];
    const variables = { ...to(await NatsServer.start({ options })), faas_nats_tls: "true" };
    const stranger = await RunningGateway.start(createDataFolder(), variables);
    expect(stranger.stderr).toMatch(/is away, nothing can be queued: .*self-signed/);
    const vouched = { ...variables, NODE_EXTRA_CA_CERTS: certificate };
    const gateway = await RunningGateway.start(folder, vouched);
    await gateway.deploy("cat", "cat");
    expect(await submit(gateway, "cat", "a")).toBe(202);
  });

  test("is no way where TLS has to be and is not", async ({ expect }) => {
    const variables = { ...to(await NatsServer.start()), faas_nats_tls: "true" };
    const gateway = await RunningGateway.start(createDataFolder(), variables);
    await gateway.deploy("cat", "cat");
    await until("it is refused", async () => (await submit(gateway, "cat", "a")) === 503);
    expect(gateway.stderr).toMatch(/is away, nothing can be queued: .*TLS/i);
  });
});
