import { describe } from "vitest";
import { noProgramReason } from "../../../support/has-program.ts";
import { describeFinished } from "./finished-contract.ts";
import { openNats } from "./open-nats.ts";
import { describeQueue } from "./queue-contract.ts";

const reason = noProgramReason("nats-server");
const name = `a queue in NATS${reason === undefined ? "" : ` (${reason})`}`;

describe.skipIf(reason !== undefined)(name, () => {
  describeQueue(name, openNats);
  describeFinished(name, openNats);
});
