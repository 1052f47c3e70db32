import { GATEWAY_COMMAND } from "../scale/gateway-command.ts";

const collecting = new URL("./collect-garbage.ts", import.meta.url).href;
const [node = "", ...args] = GATEWAY_COMMAND;

/** This checkout's gateway, of whose memory only what is still held is seen. */
export const COLLECTING_GATEWAY_COMMAND: readonly string[] = [
  node,
  ...["--expose-gc", "--import", collecting],
  ...args,
];
