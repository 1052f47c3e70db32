import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { describe, test } from "vitest";
import { noProgramReason } from "../../../support/has-program.ts";
import { NatsServer } from "../../../support/nats-server.ts";
import { until } from "../../../support/until.ts";
import { claimOne } from "./claim-one.ts";
import { isAway } from "./is-away.ts";
import { openOn } from "./open-nats.ts";
import { isEmpty, run } from "./run-queue.ts";
import { answerOf, ECHO_LINE, submissionOf } from "./submission.ts";

const reason = noProgramReason("nats-server");
const isSkipped = reason !== undefined;
const because = isSkipped ? ` (${reason})` : "";

describe.skipIf(isSkipped)(`while NATS is away${because}`, () => {
  test("nothing is accepted, nothing is due, and all is there when it is back", async ({
    expect,
  }) => {
    const server = await NatsServer.start();
    const lines: string[] = [];
    const say = (line: string) => lines.push(line);
    const queue = await openOn(server, { warn: say, inform: say });
    await queue.enqueue(submissionOf("a"));
    const { lease } = await claimOne(queue);
    await server.stop();
    await until("it is away", () => isAway(queue));
    await expect(queue.enqueue(submissionOf("b"))).rejects.toMatchObject({ code: "away" });
    expect(await queue.due("invocation")).toEqual({ lines: [], nextMs: undefined });
    const settled = queue.settle(lease, { kind: "completed", answer: answerOf(200, "ran") });
    await server.startAgain();
    expect(await settled).toBe(true);
    expect(await queue.find("a")).toMatchObject({ state: "completed", attempt: 1 });
    expect(await queue.find("b")).toBeUndefined();
    expect(await queue.enqueue(submissionOf("b"))).toBe(true);
    const { port } = server;
    expect(lines[0]).toMatch(`NATS at 127.0.0.1:${port} is away, nothing can be queued: `);
    expect(lines.at(-1)).toBe(`NATS at 127.0.0.1:${port} is back`);
  });

  test("a queue can be closed", async ({ expect }) => {
    const server = await NatsServer.start();
    const queue = await openOn(server);
    await server.kill();
    await until("it is away", () => isAway(queue));
    await queue.close();
    await expect(queue.enqueue(submissionOf("a"))).rejects.toMatchObject({ code: "closed" });
  });

  test("T43: loses nothing that was accepted when nats-server is killed in the middle of its work, and runs nothing twice at a time", async ({
    expect,
  }) => {
    const server = await NatsServer.start();
    const queue = await openOn(server);
    const accepted: string[] = [];
    const attempts = new Map<string, number[]>();
    run(
      queue,
      async ({ callId, attempt }) => {
        attempts.set(callId, [...(attempts.get(callId) ?? []), attempt]);
        return answerOf(200, callId);
      },
      { leaseMs: 3_000, policy: { attempts: 100 } },
    );
    let isOver = false;
    const submit = async (prefix: number) => {
      for (let index = 0; !isOver; index++) {
        const callId = `${prefix}-${index}`;
        try {
          if (await queue.enqueue(submissionOf(callId))) accepted.push(callId);
        } catch {
          await until("it is back", async () => isOver || !(await isAway(queue)), 30_000);
        }
      }
    };
    const submitting = [1, 2, 3, 4].map(submit);
    for (let round = 0; round < 3; round++) {
      const before = accepted.length;
      await until("it is at work", () => accepted.length > before + 200, 30_000);
      await server.kill();
      await server.startAgain();
    }
    isOver = true;
    await Promise.all(submitting);
    const isDone = async () => !(await isAway(queue)) && (await isEmpty(queue));
    await until("all has run", isDone, 40_000);
    const lost = accepted.filter((callId) => !attempts.has(callId));
    expect(lost).toEqual([]);
    const states = await Promise.all(accepted.map(async (id) => (await queue.find(id))?.state));
    expect(new Set(states)).toEqual(new Set(["completed"]));
    // Each attempt is begun once; what was begun when the server was killed has another one.
    for (const seen of attempts.values()) expect(seen).toEqual([...new Set(seen)]);
  });

  test("nothing of what was interrupted while it was cleared up comes to life", async ({
    expect,
  }) => {
    const server = await NatsServer.start();
    const queue = await openOn(server);
    await queue.enqueue(submissionOf("a"));
    const { lease } = await claimOne(queue);
    await queue.settle(lease, { kind: "completed", answer: answerOf(200) });
    await queue.close();
    const connection = await connect({ servers: `127.0.0.1:${server.port}` });
    const { streams } = await jetstreamManager(connection);
    const course = await streams.getMessage("faas-request-invocations", {
      last_by_subj: "faas-request.course.a",
    });
    await streams.deleteMessage("faas-request-invocations", course?.seq ?? 0);
    await connection.close();
    const again = await openOn(server);
    expect([await again.find("a"), await again.claim(ECHO_LINE, 1, 1_000)]).toEqual([
      undefined,
      [],
    ]);
    await until("its call id is free again", () => again.enqueue(submissionOf("a")));
  });
});
