import { STATUS_CODES } from "node:http";
import { z } from "zod";
import { sayJson } from "./answer.ts";
import { defineRoute, type Route, type Success } from "./route.ts";

/** The table with one row more: the document that describes it, this row too. */
export function withDocument(routes: readonly Route[], release: string): readonly Route[] {
  const row = defineRoute({
    method: "GET",
    path: "/system/openapi.json",
    scope: "read",
    summary: "Describes all of this, as OpenAPI 3.1",
    success: { status: 200, description: "The document", schema: z.looseObject({}) },
    failures: [],
    answer: () => answer,
  });
  const all = [...routes, row];
  const answer = sayJson(toOpenApi(all, release));
  return all;
}

/** What an OpenAPI 3.1 document says of one request, as far as ours do. */
interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: object;
}

/** Made of the same schemas that requests are checked with. */
function toOpenApi(routes: readonly Route[], release: string): OpenApiDocument {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: toOperation(route) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Breeze gateway", version: release },
    paths,
    components: {
      securitySchemes: {
        basic: { type: "http", scheme: "basic" },
        token: { type: "http", scheme: "bearer" },
      },
    },
  };
}

function toOperation(route: Route): object {
  const parameters = [...toPathParameters(route.path), ...toQueryParameters(route.query)];
  return {
    summary: route.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body === undefined ? {} : { requestBody: toRequestBody(route.body) }),
    responses: toResponses(route),
    security: route.scope === "open" ? [] : [{ basic: [] }, { token: [route.scope] }],
  };
}

function toPathParameters(path: string): object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function toQueryParameters(query: z.ZodObject | undefined): object[] {
  return Object.entries(query?.shape ?? {}).map(([name, schema]) => {
    const { description, ...rest } = toSchema(schema as z.ZodType);
    return {
      name,
      in: "query",
      required: !isOptional(schema as z.ZodType),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
}

function toRequestBody(body: z.ZodType): object {
  return {
    required: !isOptional(body),
    content: { "application/json": { schema: toSchema(body) } },
  };
}

function toResponses(route: Route): object {
  const answers: Record<string, object> = { [route.success.status]: toResponse(route.success) };
  for (const status of failuresOf(route)) {
    answers[status] = {
      description: STATUS_CODES[status],
      ...(status === 405 ? {} : { content: { "text/plain": { schema: { type: "string" } } } }),
    };
  }
  return answers;
}

function toResponse({ description, schema, type = "application/json" }: Success): object {
  if (schema === undefined && type === "application/json") return { description };
  const said = schema === undefined ? { type: "string" } : toSchema(schema);
  return { description, content: { [type.split(";")[0] as string]: { schema: said } } };
}

/** With what a gate, a schema and a provider can say to any request. */
function failuresOf(route: Route): readonly number[] {
  const all = new Set(route.failures);
  if (route.scope !== "open") for (const status of [401, 403, 500, 501, 502]) all.add(status);
  // Something is written down, and the disk may be full.
  if (route.scope !== "open" && route.method !== "GET") all.add(507);
  if (route.query !== undefined || route.path.includes("{")) all.add(400);
  if (route.body !== undefined) for (const status of [400, 408, 413]) all.add(status);
  if (route.misfit !== undefined) all.add(route.misfit.status);
  return [...all].sort((one, other) => one - other);
}

function toSchema(schema: z.ZodType): { readonly description?: string } {
  const { $schema, "~standard": _, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
}

const isOptional = (schema: z.ZodType) => schema.safeParse(undefined).success;
