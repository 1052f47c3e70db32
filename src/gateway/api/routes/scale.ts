import { sayNothing } from "../answer.ts";
import { explainMissing } from "../function-ids.ts";
import { defineRoute, type Route } from "../route.ts";
import { functionScale } from "../schema/function.ts";
import { namespaceQuery } from "../schema/names.ts";
import type { RowContext } from "../surroundings.ts";

export function scaleRoutes({ ids, scale }: RowContext): Route[] {
  return [
    defineRoute({
      method: "POST",
      path: "/system/scale-function/{name}",
      scope: "deploy",
      summary: "Sets how many replicas are wanted, from 0 on",
      query: namespaceQuery,
      body: functionScale,
      success: { status: 202, description: "Seen in its status at once" },
      failures: [404],
      async answer({ params, query, body }) {
        const id = await ids.resolve(params.name, query.namespace, body.namespace);
        await scale(id, body.replicas).catch(explainMissing(id));
        return sayNothing(202);
      },
    }),
  ];
}
