import { z } from "zod";

/** No path can be made of it (T29). */
const NAME = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;
/** A dot parts it from the function's name. */
const NAMESPACE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;

const NAME_RULE = "has to have 1 to 128 letters, digits, -, _ or ., a letter or digit first, no ..";

/** `NAME` or `NAME.NAMESPACE`. */
export const writtenName = z
  .string()
  .regex(NAME, { error: NAME_RULE })
  .meta({ description: "NAME or NAME.NAMESPACE" });

export const secretName = z.string().regex(NAME, { error: NAME_RULE });

export const namespaceName = z.string().regex(NAMESPACE_NAME, {
  error: "has to have 1 to 63 letters, digits, - or _, a letter or digit first",
});

/** Nothing and an empty text mean the default one. */
export const askedNamespace = z
  .string()
  .nullish()
  .meta({ description: "Where it is not the default one" });

/** What is listed of a namespace can be asked for in the query alone. */
export const namespaceQuery = z.object({ namespace: z.string().optional() });
