import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../bin/gateway.ts", import.meta.url));

/** This checkout's gateway, as `npm start` runs it. */
export const GATEWAY_COMMAND: readonly string[] = [
  process.execPath,
  "--max-semi-space-size=4",
  program,
];
