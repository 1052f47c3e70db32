import { z } from "zod";
import { namespaceName } from "./names.ts";

const texts = z.record(z.string(), z.string());

export const namespaceSpec = z
  .object({ name: namespaceName, labels: texts.nullish(), annotations: texts.nullish() })
  .meta({ description: "Without the label openfaas=1 it is not for functions" });

export type NamespaceSpec = z.infer<typeof namespaceSpec>;

export const namespaceRemoval = z
  .object({ name: z.string().nullish(), labels: texts.nullish() })
  .optional();

export const namespaceStatus = z.object({ name: z.string(), labels: texts, annotations: texts });

export const namespaceList = z.array(z.string());
