import { BreezeError } from "../../core/errors.ts";
import { PROTOCOL_VERSION, READY } from "./frames.ts";

/** Refuses a spawner that speaks another version of the protocol, and says how to get the right one. */
export function checkReady(header: Buffer): void {
  const version = header[8] === READY ? header.readUInt16LE(10) : undefined;
  if (version !== PROTOCOL_VERSION) {
    throw new BreezeError(
      "PROCESSES_LOST",
      `the spawner speaks version ${version} of the protocol, this is ${PROTOCOL_VERSION}: build it again with "npm run prepare"`,
    );
  }
}
