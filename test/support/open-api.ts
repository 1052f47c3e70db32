import { createRequire } from "node:module";

/** As far as the tests look at it. */
export interface Operation {
  readonly summary: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: object;
  }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
  readonly security: readonly object[];
}

type Content = Readonly<Record<string, { readonly schema: object }>>;

export interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
}

type Validate = ((value: unknown) => boolean) & { readonly errors: readonly object[] | null };

/** The validator that Fastify brings, in its version for the schemas of OpenAPI 3.1. */
export function createValidator(): { compile(schema: object): Validate } {
  const { Ajv2020 } = createRequire(import.meta.resolve("fastify"))("ajv/dist/2020.js");
  const formats = createRequire(import.meta.resolve("fastify"))("ajv-formats");
  return formats(new Ajv2020({ strict: true, strictTypes: false, allowUnionTypes: true }));
}

export const operationsOf = ({ paths }: OpenApi): readonly (readonly [string, Operation])[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
  );
