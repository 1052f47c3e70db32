import { onTestFinished } from "vitest";
import {
  type NatsQueueOptions,
  openNatsQueue,
} from "../../../../src/gateway/queue/nats/nats-queue.ts";
import type { NatsAddress } from "../../../../src/gateway/queue/nats/session.ts";
import type { Queue } from "../../../../src/gateway/queue/queue.ts";
import { NatsServer } from "../../../support/nats-server.ts";

interface Given extends Partial<NatsQueueOptions> {
  readonly at?: Partial<NatsAddress>;
}

/** A queue on a server that nobody else has. */
export async function openNats(): Promise<Queue> {
  return await openOn(await NatsServer.start());
}

/** Closed when the test is over. */
export async function openOn({ port }: { port: number }, { at, ...options }: Given = {}) {
  const address: NatsAddress = {
    host: "127.0.0.1",
    port,
    tls: false,
    credentialsFile: undefined,
    channel: "faas-request",
    replicas: 1,
    ...at,
  };
  const queue = await openNatsQueue({ address, ...options });
  onTestFinished(() => queue.close());
  return queue;
}
