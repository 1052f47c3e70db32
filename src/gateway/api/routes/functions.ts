import {
  type FunctionId,
  type FunctionSpec,
  type FunctionState,
  ProviderError,
} from "../../../provider/provider.ts";
import { sayJson, sayNothing } from "../answer.ts";
import { ApiError } from "../api-error.ts";
import { explainMissing } from "../function-ids.ts";
import { toFunctionSpec } from "../function-spec.ts";
import { toFunctionStatus } from "../function-status.ts";
import { defineRoute, type Route } from "../route.ts";
import {
  type FunctionDeployment,
  type FunctionStatus,
  functionDeployment,
  functionList,
  functionRemoval,
  functionStatus,
  statusQuery,
} from "../schema/function.ts";
import { namespaceQuery } from "../schema/names.ts";
import type { RowContext } from "../surroundings.ts";

const PATH = "/system/functions";

export function functionRoutes(context: RowContext): Route[] {
  return [list(context), deploy(context), update(context), remove(context), describe(context)];
}

const list = (context: RowContext) =>
  defineRoute({
    method: "GET",
    path: PATH,
    scope: "read",
    summary: "Lists the functions of a namespace",
    query: statusQuery,
    success: { status: 200, description: "All of them", schema: functionList },
    failures: [],
    async answer({ query, signal }) {
      const namespace = await context.ids.namespace(query.namespace);
      const states = await context.provider.list(namespace, signal);
      const toStatus = (state: FunctionState) => withUsage(context, state, query.usage, signal);
      return sayJson(await Promise.all(states.map(toStatus)));
    },
  });

const deploy = (context: RowContext) =>
  defineRoute({
    method: "POST",
    path: PATH,
    scope: "deploy",
    summary: "Deploys a function, or updates the one that is there",
    query: namespaceQuery,
    body: functionDeployment,
    success: { status: 202, description: "Its replicas come by and by" },
    failures: [409],
    async answer({ body, query }) {
      const id = await context.ids.resolve(body.service, query.namespace, body.namespace);
      const spec = toCheckedSpec(context, id, body);
      await keepingRoutes(context, spec, () => deployOrUpdate(context, spec));
      return sayNothing(202);
    },
  });

// The CLI always asks this first: only a 404 has it deploy.
const update = (context: RowContext) =>
  defineRoute({
    method: "PUT",
    path: PATH,
    scope: "deploy",
    summary: "Updates a function",
    query: namespaceQuery,
    body: functionDeployment,
    success: { status: 202, description: "Old replicas answer until new ones do" },
    failures: [404, 409],
    async answer({ body, query }) {
      const id = await context.ids.resolve(body.service, query.namespace, body.namespace);
      const spec = toCheckedSpec(context, id, body);
      await keepingRoutes(context, spec, () => context.provider.update(spec)).catch(
        explainMissing(id),
      );
      return sayNothing(202);
    },
  });

const remove = (context: RowContext) =>
  defineRoute({
    method: "DELETE",
    path: PATH,
    scope: "deploy",
    summary: "Removes a function",
    query: namespaceQuery,
    body: functionRemoval,
    success: { status: 202, description: "No replica is asked any more" },
    failures: [404],
    async answer({ body, query }) {
      const id = await context.ids.resolve(body.functionName, query.namespace, body.namespace);
      await context.provider.remove(id).catch(explainMissing(id));
      return sayNothing(202);
    },
  });

const describe = (context: RowContext) =>
  defineRoute({
    method: "GET",
    path: "/system/function/{name}",
    scope: "read",
    summary: "Says how a function is",
    query: statusQuery,
    success: { status: 200, description: "As it is", schema: functionStatus },
    failures: [404],
    async answer({ params, query, signal }) {
      const id = await context.ids.resolve(params.name, query.namespace);
      const state = await context.provider.describe(id, signal).catch(explainMissing(id));
      return sayJson(await withUsage(context, state, query.usage, signal));
    },
  });

/** Throws `ApiError` (400) where it could be deployed and not be invoked. */
function toCheckedSpec(
  { findProblems }: RowContext,
  id: FunctionId,
  body: FunctionDeployment,
): FunctionSpec {
  const spec = toFunctionSpec(id, body);
  const problems = findProblems(spec);
  if (problems.length > 0) throw new ApiError(400, problems.join("; "));
  return spec;
}

async function deployOrUpdate({ provider }: RowContext, spec: FunctionSpec): Promise<void> {
  try {
    await provider.deploy(spec);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code !== "conflict") throw error;
    await provider.update(spec);
  }
}

/** Rejects with `ApiError` (409) where another function has one of its routes. */
async function keepingRoutes(
  { reserveRoutes }: RowContext,
  spec: FunctionSpec,
  act: () => Promise<void>,
): Promise<void> {
  const giveBack = reserveRoutes(spec);
  try {
    await act();
  } catch (error) {
    giveBack();
    throw error;
  }
}

async function withUsage(
  { provider, countInvocations }: RowContext,
  state: FunctionState,
  asked: string | undefined,
  signal: AbortSignal,
): Promise<FunctionStatus> {
  const isWanted = asked === "1" || asked === "true";
  // It may have gone since it was looked up, or have no replica that could be measured.
  const usage = isWanted ? await provider.usage(state, signal).catch(() => undefined) : undefined;
  return toFunctionStatus(state, countInvocations(state), usage);
}
