import type { LogLine, LogQuery } from "../../../provider/provider.ts";
import { explainMissing } from "../function-ids.ts";
import { defineRoute, type Route } from "../route.ts";
import { logLine, logsQuery } from "../schema/system.ts";
import type { RowContext } from "../surroundings.ts";

const NDJSON = "application/x-ndjson";

export function logRoutes({ ids, provider }: RowContext): Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/system/logs",
      scope: "logs",
      summary: "Says what a function wrote, and goes on with what it writes",
      query: logsQuery,
      misfit: { status: 422, message: "could not parse the log request" },
      success: { status: 200, description: "A line each", type: NDJSON, schema: logLine },
      failures: [404],
      async answer({ query, signal }) {
        const id = await ids.resolve(query.name, query.namespace);
        await provider.describe(id, signal).catch(explainMissing(id));
        const tail = Number(query.tail ?? 0);
        const asked: LogQuery = {
          ...id,
          instance: query.instance || undefined,
          tail: tail > 0 ? tail : undefined,
          since: query.since ? new Date(query.since) : undefined,
          follow: query.follow === "true" || query.follow === "1",
        };
        const lines = toLines(provider.logs(asked, signal));
        return { status: 200, headers: ["Content-Type", NDJSON], isEndless: asked.follow, lines };
      },
    }),
  ];
}

async function* toLines(lines: AsyncIterable<LogLine>): AsyncGenerator<string, void> {
  for await (const { name, namespace, instance, time, text } of lines) {
    yield `${JSON.stringify({ name, namespace, instance, timestamp: time.toISOString(), text })}\n`;
  }
}
