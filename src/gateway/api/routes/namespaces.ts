import type { Namespace } from "../../../provider/provider.ts";
import { sayJson, sayNothing } from "../answer.ts";
import { ApiError } from "../api-error.ts";
import { defineRoute, type Route } from "../route.ts";
import {
  type NamespaceSpec,
  namespaceList,
  namespaceRemoval,
  namespaceSpec,
  namespaceStatus,
} from "../schema/namespace.ts";
import type { RowContext } from "../surroundings.ts";

/** Clients post to it, with its slash and no name, for the body has one. */
const ALL = "/system/namespace/";
const ONE = "/system/namespace/{namespace}";

export function namespaceRoutes(context: RowContext): Route[] {
  return [
    list(context),
    create(context, ALL),
    create(context, ONE),
    describe(context),
    update(context),
    remove(context),
  ];
}

const list = ({ provider }: RowContext) =>
  defineRoute({
    method: "GET",
    path: "/system/namespaces",
    scope: "read",
    summary: "Lists the names of the namespaces",
    success: { status: 200, description: "All that functions can be in", schema: namespaceList },
    failures: [],
    async answer({ signal }) {
      return sayJson((await provider.listNamespaces(signal)).map(({ name }) => name));
    },
  });

const create = (context: RowContext, path: typeof ALL | typeof ONE) =>
  defineRoute({
    method: "POST",
    path,
    scope: "admin",
    summary: "Creates a namespace",
    body: namespaceSpec,
    success: { status: 201, description: "Functions can be deployed to it" },
    failures: [409],
    async answer({ params, body, signal }) {
      const namespace = toNamespace(body, params.namespace);
      await checkNamesStay(context, namespace.name, signal);
      await context.provider.createNamespace(namespace);
      return sayNothing(201);
    },
  });

const describe = ({ provider }: RowContext) =>
  defineRoute({
    method: "GET",
    path: ONE,
    scope: "read",
    summary: "Says what a namespace is marked with",
    success: { status: 200, description: "As it is", schema: namespaceStatus },
    failures: [404],
    async answer({ params, signal }) {
      const all = await provider.listNamespaces(signal);
      const found = all.find(({ name }) => name === params.namespace);
      if (found === undefined) {
        throw new ApiError(404, `namespace ${params.namespace} not found`);
      }
      const { name, labels, annotations } = found;
      return sayJson({ name, labels, annotations });
    },
  });

const update = ({ provider }: RowContext) =>
  defineRoute({
    method: "PUT",
    path: ONE,
    scope: "admin",
    summary: "Marks a namespace with other labels and annotations",
    body: namespaceSpec,
    success: { status: 202, description: "It has these alone" },
    failures: [404],
    async answer({ params, body }) {
      await provider.updateNamespace(toNamespace(body, params.namespace));
      return sayNothing(202);
    },
  });

const remove = ({ provider }: RowContext) =>
  defineRoute({
    method: "DELETE",
    path: ONE,
    scope: "admin",
    summary: "Removes a namespace that has no functions",
    body: namespaceRemoval,
    success: { status: 202, description: "It is not there any more" },
    failures: [404, 409],
    async answer({ params, body }) {
      checkSame(body?.name || params.namespace, params.namespace);
      await provider.removeNamespace(params.namespace);
      return sayNothing(202);
    },
  });

/** `a.b` is `a` in the namespace `b` where there is one: a function of that name could not be called any more. */
async function checkNamesStay(
  { provider, ids }: RowContext,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  const functions = await provider.list(ids.defaultNamespace, signal);
  const taken = functions.find(({ name }) => name.endsWith(`.${namespace}`));
  if (taken === undefined) return;
  throw new ApiError(
    409,
    `the function "${taken.name}" is called like one of the namespace "${namespace}"`,
  );
}

/** The label says that functions may be there: in a cluster, namespaces are used for other things too. */
const MARK = "openfaas";

function toNamespace(body: NamespaceSpec, inPath: string): Namespace {
  const { name, labels, annotations } = body;
  checkSame(name, inPath || name);
  const isMarked = labels?.[MARK] === "1" || labels?.[MARK] === "true";
  if (!isMarked) throw new ApiError(400, `the namespace "${name}" needs the label ${MARK}=1`);
  return { name, labels: labels ?? {}, annotations: annotations ?? {} };
}

function checkSame(inBody: string, inPath: string): void {
  if (inBody === inPath) return;
  throw new ApiError(400, `the path names the namespace "${inPath}", the body "${inBody}"`);
}
