import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import {
  type Accepting,
  Submit,
  type SubmitOptions,
} from "../../../../src/gateway/async/submit.ts";
import { locateByPath } from "../../../../src/gateway/invoke/routes.ts";
import { isPublicAddress } from "../../../../src/gateway/queue/callbacks/public-address.ts";
import type { Queue, Submission } from "../../../../src/gateway/queue/queue.ts";
import { createHttpServer } from "../../../../src/http/server.ts";
import type { FunctionState } from "../../../../src/provider/provider.ts";

const ECHO = {
  name: "echo",
  namespace: "openfaas-fn",
  annotations: {},
} as unknown as FunctionState;

/** A server that only queues, into memory. */
export async function startSubmit(options: Partial<SubmitOptions> = {}) {
  const submissions: Submission[] = [];
  const errors: unknown[] = [];
  const accepting: Accepting = { inFlight: 0, isStopping: false };
  const queue = {
    enqueue: async (submission: Submission) => {
      const isNew = submissions.every(({ callId }) => callId !== submission.callId);
      if (isNew) submissions.push(submission);
      return isNew;
    },
  } as unknown as Queue;
  const all: SubmitOptions = {
    queue,
    isAllowed: isPublicAddress,
    guard: { admit: () => undefined, credentialHeaders: () => [] },
    isTrustedProxy: () => false,
    maxBodyBytes: 1_000,
    look: async (name) => (name === "echo" ? ECHO : undefined),
    onError: (error) => errors.push(error),
    onEnded() {},
    ...options,
  };
  const http = { readTimeoutMs: 60_000, writeTimeoutMs: 60_000, unknownMethodStatus: 405 } as const;
  const more = { isDraining: () => false, upgrades: false, refusesDotSegments: true };
  const server = createHttpServer({ ...http, ...more }, (exchange) => {
    const located = locateByPath(exchange.head.path, "/async-function/");
    if (located === undefined) exchange.answer(418, [], "");
    else exchange.take(new Submit(all, exchange, located, accepting));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { port, submissions, errors, accepting };
}
