import { z } from "zod";
import { askedNamespace, secretName } from "./names.ts";

const base64 = z
  .string()
  .regex(/^[A-Za-z0-9+/]*={0,2}$/, "has to be in base64")
  .meta({ contentEncoding: "base64" });

export const secretValue = z
  .object({
    name: secretName,
    namespace: askedNamespace,
    value: z.string().nullish(),
    rawValue: base64.nullish().meta({ description: "Counts where both are given" }),
  })
  .meta({ description: "One of value and rawValue has to be there" });

export type SecretValue = z.infer<typeof secretValue>;

export const secretRemoval = z.object({ name: secretName, namespace: askedNamespace });

export const secretList = z.array(z.object({ name: z.string(), namespace: z.string() }));
