import type { Secret } from "../../../provider/provider.ts";
import { sayJson, sayNothing } from "../answer.ts";
import { ApiError } from "../api-error.ts";
import { defineRoute, type Route } from "../route.ts";
import { namespaceQuery } from "../schema/names.ts";
import { type SecretValue, secretList, secretRemoval, secretValue } from "../schema/secret.ts";
import type { RowContext } from "../surroundings.ts";

const PATH = "/system/secrets";

export function secretRoutes(context: RowContext): Route[] {
  return [list(context), create(context), update(context), remove(context)];
}

const list = ({ ids, provider }: RowContext) =>
  defineRoute({
    method: "GET",
    path: PATH,
    scope: "read",
    summary: "Lists the names of the secrets of a namespace",
    query: namespaceQuery,
    success: { status: 200, description: "Without their values", schema: secretList },
    failures: [],
    async answer({ query, signal }) {
      const secrets = await provider.listSecrets(await ids.namespace(query.namespace), signal);
      return sayJson(secrets.map(({ name, namespace }) => ({ name, namespace })));
    },
  });

const create = ({ ids, provider }: RowContext) =>
  defineRoute({
    method: "POST",
    path: PATH,
    scope: "deploy",
    summary: "Creates a secret",
    query: namespaceQuery,
    body: secretValue,
    success: { status: 201, description: "Functions may name it" },
    failures: [409],
    async answer({ query, body }) {
      const namespace = await ids.namespace(query.namespace, body.namespace);
      await provider.createSecret(toSecret(body, namespace));
      return sayNothing(201);
    },
  });

const update = ({ ids, provider }: RowContext) =>
  defineRoute({
    method: "PUT",
    path: PATH,
    scope: "deploy",
    summary: "Gives a secret another value",
    query: namespaceQuery,
    body: secretValue,
    success: { status: 202, description: "Replicas that start from now on have it" },
    failures: [404, 405],
    async answer({ query, body }) {
      if (!provider.capabilities.secretUpdates) {
        throw new ApiError(
          405,
          `${provider.info.name} cannot update a secret: remove and create it`,
        );
      }
      const namespace = await ids.namespace(query.namespace, body.namespace);
      await provider.updateSecret(toSecret(body, namespace));
      return sayNothing(202);
    },
  });

// 204 would be an error to the CLI.
const remove = ({ ids, provider }: RowContext) =>
  defineRoute({
    method: "DELETE",
    path: PATH,
    scope: "deploy",
    summary: "Removes a secret",
    query: namespaceQuery,
    body: secretRemoval,
    success: { status: 202, description: "It is not there any more" },
    failures: [404, 409],
    async answer({ query, body }) {
      const namespace = await ids.namespace(query.namespace, body.namespace);
      await provider.removeSecret({ name: body.name, namespace });
      return sayNothing(202);
    },
  });

function toSecret({ name, value, rawValue }: SecretValue, namespace: string): Secret {
  const bytes = rawValue ? Buffer.from(rawValue, "base64") : Buffer.from(value ?? "");
  if (bytes.length > 0) return { name, namespace, value: bytes };
  throw new ApiError(400, `the secret "${name}" needs a value, in "value" or in "rawValue"`);
}
