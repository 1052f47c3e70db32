import { randomBytes } from "node:crypto";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { describe, onTestFinished, test } from "vitest";
import type { Queue } from "../../../../src/gateway/queue/queue.ts";
import { noProgramReason } from "../../../support/has-program.ts";
import { NatsServer } from "../../../support/nats-server.ts";
import { until } from "../../../support/until.ts";
import { claimOne } from "./claim-one.ts";
import { describeFinished } from "./finished-contract.ts";
import { openNats, openOn } from "./open-nats.ts";
import { describeQueue } from "./queue-contract.ts";
import { answerOf, ECHO_LINE, submissionOf } from "./submission.ts";

const reason = noProgramReason("nats-server");
const name = `a queue in NATS${reason === undefined ? "" : ` (${reason})`}`;

async function manage({ port }: NatsServer) {
  const connection = await connect({ servers: `127.0.0.1:${port}` });
  onTestFinished(() => connection.close());
  return await jetstreamManager(connection);
}

/** How many messages there are but the mark of whoever came last. */
async function countMessages(server: NatsServer): Promise<number> {
  const { streams } = await manage(server);
  const counts = ["invocations", "bodies"].map(
    async (part) => (await streams.info(`faas-request-${part}`)).state.messages,
  );
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, -1);
}

async function complete(queue: Queue, callId: string, text = ""): Promise<void> {
  await queue.enqueue(submissionOf(callId));
  const { lease } = await claimOne(queue);
  await queue.settle(lease, { kind: "completed", answer: answerOf(200, text) });
}

describe.skipIf(reason !== undefined)(name, () => {
  describeQueue(name, openNats);
  describeFinished(name, openNats);

  test("takes and gives bodies that no message of NATS has room for", async ({ expect }) => {
    const queue = await openNats();
    const body = randomBytes(40 * 1024 * 1024);
    const { request } = submissionOf("a");
    await queue.enqueue(submissionOf("a", { request: { ...request, body } }));
    const claim = await claimOne(queue);
    expect(body.equals(claim.request.body)).toBe(true);
    const answer = { ...answerOf(200), body };
    await queue.settle(claim.lease, { kind: "completed", answer });
    expect(body.equals((await queue.answer("a"))?.body ?? new Uint8Array())).toBe(true);
  });

  test("takes headers that no message has room for", async ({ expect }) => {
    const queue = await openNats();
    const headers = ["X-Large", "é".repeat(1024 * 1024)];
    const { request } = submissionOf("a");
    await queue.enqueue(submissionOf("a", { request: { ...request, headers } }));
    expect((await claimOne(queue)).request.headers).toEqual(headers);
  });

  test("keeps nothing of what has completed but its answer, and of large bodies nothing", async ({
    expect,
  }) => {
    const server = await NatsServer.start();
    const queue = await openOn(server);
    const body = randomBytes(3 * 1024 * 1024);
    const { request } = submissionOf("a");
    await queue.enqueue(submissionOf("a", { request: { ...request, body } }));
    const { lease } = await claimOne(queue);
    await queue.settle(lease, { kind: "completed", answer: answerOf(200, "done") });
    await queue.close();
    const { streams } = await manage(server);
    expect((await streams.info("faas-request-bodies")).state.messages).toBe(0);
    expect((await streams.info("faas-request-invocations")).state.bytes).toBeLessThan(4096);
  });

  test("forgets the oldest answers where there are too many, with all of their messages", async ({
    expect,
  }) => {
    const server = await NatsServer.start();
    const queue = await openOn(server, { keptCount: 3 });
    for (const callId of "0123456789") await complete(queue, callId);
    const found = async () => {
      const records = await Promise.all([..."0123456789"].map((callId) => queue.find(callId)));
      return records.map((record) => record?.callId).filter(Boolean);
    };
    await until("the oldest are gone", async () => (await found()).join("") === "789");
    await queue.close();
    expect(await countMessages(server)).toBe(3 * 2);
    const again = await openOn(server);
    expect((await again.find("9"))?.state).toBe("completed");
    expect(await again.enqueue(submissionOf("0"))).toBe(true);
  });

  test("forgets the oldest answers where they are too large, or too old", async ({ expect }) => {
    const server = await NatsServer.start();
    const queue = await openOn(server, { keptBytes: 2_500 });
    for (const callId of "abc") await complete(queue, callId, "x".repeat(1_000));
    await until("the oldest is gone", async () => (await queue.find("a")) === undefined);
    expect((await queue.answer("c"))?.status).toBe(200);
    await queue.close();
    const later = await openOn(server, { keptMs: 0 });
    await until("all are gone", async () => (await later.find("c")) === undefined);
  });

  test("leaves nothing of a dead letter that is discarded, for nobody who shares the queue", async ({
    expect,
  }) => {
    const server = await NatsServer.start();
    const queue = await openOn(server);
    const other = await openOn(server);
    await queue.enqueue(submissionOf("a"));
    const { lease } = await claimOne(queue);
    await queue.settle(lease, { kind: "dead", reason: "ill", answer: answerOf(500, "no") });
    const isListed = async () => (await other.deadLetters(1)).length === 1;
    await until("the other one knows", isListed);
    expect(await queue.discard("all")).toBe(1);
    await until("the other one knows that, too", async () => !(await isListed()));
    expect([await other.find("a"), await countMessages(server)]).toEqual([undefined, 0]);
    expect(await other.enqueue(submissionOf("a"))).toBe(true);
    expect(await claimOne(other)).toMatchObject({ callId: "a", attempt: 1 });
  });

  test("T44: gives each invocation to one of those who share it, and takes a lost lease from nobody", async ({
    expect,
  }) => {
    const server = await NatsServer.start();
    const [one, other] = [await openOn(server), await openOn(server)];
    const ids = Array.from({ length: 40 }, (_, index) => `${index}`);
    await Promise.all(ids.map((callId) => one.enqueue(submissionOf(callId))));
    await until("both know of them", async () => (await other.stats()).depth === 40);
    const claims = await Promise.all([one, other].map((q) => q.claim(ECHO_LINE, 30, 60_000)));
    while (claims.flat().length < 40) claims.push(await one.claim(ECHO_LINE, 40, 60_000));
    expect(new Set(claims.flat().map(({ callId }) => callId)).size).toBe(40);
    expect(claims.flat().every(({ attempt }) => attempt === 1)).toBe(true);
    await one.enqueue(submissionOf("late"));
    const lost = await claimOne(one, 1);
    const taken = await claimOne(other);
    const done = { kind: "completed", answer: answerOf(200) } as const;
    expect([taken.attempt, await one.renew([lost.lease], 1_000)]).toEqual([2, [lost.lease]]);
    expect([await one.settle(lost.lease, done), await other.settle(taken.lease, done)]).toEqual([
      false,
      true,
    ]);
  });

  test("accepts one of several invocations of a call id, wherever they come at once", async ({
    expect,
  }) => {
    const server = await NatsServer.start();
    const queues = await Promise.all([openOn(server), openOn(server), openOn(server)]);
    const accepted = await Promise.all(queues.map((queue) => queue.enqueue(submissionOf("a"))));
    expect(accepted.toSorted()).toEqual([false, false, true]);
  });
});
