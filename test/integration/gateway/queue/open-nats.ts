import {
  type NatsQueueOptions,
  openNatsQueue,
} from "../../../../src/gateway/queue/nats/nats-queue.ts";
import type { Queue } from "../../../../src/gateway/queue/queue.ts";
import { NatsServer } from "../../../support/nats-server.ts";

/** A queue on a server that nobody else has. */
export async function openNats(): Promise<Queue> {
  return await openOn(await NatsServer.start());
}

export function openOn(
  { port }: NatsServer,
  options: Partial<NatsQueueOptions> = {},
): Promise<Queue> {
  const address = {
    host: "127.0.0.1",
    port,
    tls: false,
    credentialsFile: undefined,
    channel: "faas-request",
    replicas: 1,
  };
  return openNatsQueue({ address, ...options });
}
