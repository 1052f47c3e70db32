import { setImmediate as nextTurn } from "node:timers/promises";
import { z } from "zod";
import { sayJson } from "../api/answer.ts";
import { ApiError } from "../api/api-error.ts";
import { defineRoute, type Route } from "../api/route.ts";
import type { Answer, InvocationRecord, Queue } from "../queue/queue.ts";

/** The rows of queued invocations. */
export function asyncRoutes(queue: Queue): readonly Route[] {
  return [find(queue), deadLetters(queue), redrive(queue), discard(queue)];
}

const record = z.object({
  callId: z.string(),
  name: z.string(),
  namespace: z.string(),
  state: z.enum(["delayed", "queued", "running", "completed", "dead"]),
  attempt: z.int().meta({ description: "How often it was begun" }),
  queuedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().optional(),
  status: z.int().optional().meta({ description: "Of the function's answer" }),
  durationSeconds: z.number().optional(),
  reason: z.string().optional().meta({ description: "Why the last try failed" }),
  callback: z.string(),
  callbackReason: z.string().optional(),
});

const answered = record.extend({
  answer: z
    .object({
      status: z.int(),
      headers: z.array(z.tuple([z.string(), z.string()])),
      body: z.string(),
      isBase64: z
        .boolean()
        .meta({ description: "The body is no plain text in UTF-8, and written so" }),
    })
    .optional(),
});

const LARGE_BYTES = 1024 * 1024;

const find = (queue: Queue) => {
  let turn: Promise<unknown> = Promise.resolve();
  return defineRoute({
    method: "GET",
    path: "/system/async/{callId}",
    scope: "read",
    summary: "Says what became of a queued invocation, with its answer",
    success: { status: 200, description: "As it is", schema: answered },
    failures: [404, 503],
    async answer({ params: { callId } }) {
      const found = await queue.find(callId);
      if (found === undefined) throw new ApiError(404, `no invocation ${callId} is known`);
      const answer = await queue.answer(callId);
      // To write it out takes a while, and several come at once from the queue: others are answered in between.
      if (answer !== undefined && answer.body.byteLength > LARGE_BYTES) {
        turn = turn.then(() => nextTurn());
        await turn;
      }
      return sayJson({ ...toJson(found), ...(answer && { answer: toAnswer(answer) }) });
    },
  });
};

const PATH = "/system/dead-letters";
const MOST_LISTED = 1_000;

const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(MOST_LISTED).default(100),
  before: z.string().optional().meta({ description: "The last call id of the page before" }),
});

const deadLetters = (queue: Queue) =>
  defineRoute({
    method: "GET",
    path: PATH,
    scope: "read",
    summary: "Lists the invocations that were given up, the newest first",
    query: listQuery,
    success: { status: 200, description: "A page of them", schema: z.array(record) },
    failures: [503],
    async answer({ query }) {
      return sayJson((await queue.deadLetters(query.limit, query.before)).map(toJson));
    },
  });

/** Nobody means all of them by saying nothing. */
const chosen = z.object({
  callIds: z.union([z.array(z.string()).max(MOST_LISTED), z.literal("all")]),
});
const counted = z.object({ count: z.int() });

const redrive = (queue: Queue) =>
  defineRoute({
    method: "POST",
    path: PATH,
    scope: "deploy",
    summary: "Has invocations that were given up run once more",
    body: chosen,
    success: { status: 200, description: "How many of them", schema: counted },
    failures: [503],
    answer: async ({ body }) => sayJson({ count: await queue.redrive(body.callIds) }),
  });

const discard = (queue: Queue) =>
  defineRoute({
    method: "DELETE",
    path: PATH,
    scope: "deploy",
    summary: "Forgets invocations that were given up",
    body: chosen,
    success: { status: 200, description: "How many of them", schema: counted },
    failures: [503],
    answer: async ({ body }) => sayJson({ count: await queue.discard(body.callIds) }),
  });

function toJson(found: InvocationRecord): z.infer<typeof record> {
  const { function: id, queuedAt, finishedAt, durationMs, ...rest } = found;
  return {
    ...rest,
    ...id,
    queuedAt: queuedAt.toISOString(),
    finishedAt: finishedAt?.toISOString(),
    durationSeconds: durationMs === undefined ? undefined : durationMs / 1000,
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\0-\x08\v\f\x0e-\x1f]/;

function toAnswer({ status, headers, body }: Answer) {
  const pairs: [string, string][] = [];
  for (let index = 0; index < headers.length; index += 2) {
    pairs.push([headers[index] as string, headers[index + 1] as string]);
  }
  const text = decode(body);
  const isBase64 = text === undefined;
  return { status, headers: pairs, body: text ?? Buffer.from(body).toString("base64"), isBase64 };
}

/** Control characters are six in JSON, and of 60 MiB of them it takes many seconds to make those, in which nobody is answered. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return CONTROL.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
