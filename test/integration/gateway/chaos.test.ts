import { describe, test } from "vitest";
import { runGatewayChaos } from "../../chaos/gateway/run-gateway-chaos.ts";
import { noProgramReason } from "../../support/has-program.ts";
import { NatsServer } from "../../support/nats-server.ts";

const SETTINGS = { timeout: 400_000 };

async function findFaults(variables: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const report = await runGatewayChaos({ seed: 1, milliseconds: 10_000, kills: 4, variables });
  const { answered, completed } = report.counts;
  const isMuch = report.changes > 0 && answered > 0 && completed > 0;
  return isMuch
    ? report.faults
    : [...report.faults, `too little happened: ${JSON.stringify(report)}`];
}

describe("T43: a gateway that is killed again and again keeps what it promised, and leaves nothing behind", () => {
  test("with its queue on disk", SETTINGS, async ({ expect }) => {
    expect(await findFaults({})).toEqual([]);
  });

  test.skipIf(noProgramReason("nats-server") !== undefined)(
    "with its queue in NATS (needs nats-server)",
    SETTINGS,
    async ({ expect }) => {
      const server = await NatsServer.start();
      const address = { faas_nats_address: "127.0.0.1", faas_nats_port: String(server.port) };
      expect(await findFaults(address)).toEqual([]);
    },
  );
});
