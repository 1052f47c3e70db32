import type { RunningGateway } from "./run-gateway.ts";

/** What a gateway has logged under a message, in order. */
export function findLogged(gateway: RunningGateway, message: string): Record<string, unknown>[] {
  return gateway.stderr
    .split("\n")
    .filter((line) => line.includes(`"msg":"${message}"`))
    .map((line) => JSON.parse(line));
}
