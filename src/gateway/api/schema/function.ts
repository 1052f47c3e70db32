import { z } from "zod";
import { askedNamespace, secretName, writtenName } from "./names.ts";

const texts = z.record(z.string(), z.string());

const resources = z.object({
  memory: z.string().max(64).nullish().meta({ description: "Bytes: 64Mi" }),
  cpu: z.string().max(64).nullish().meta({ description: "Thousandths of a processor: 100m" }),
});

// A Go client's nil pointer, map or slice arrives as null, which everywhere means: not said.
export const functionDeployment = z
  .object({
    service: writtenName,
    image: z.string().min(1, "has to name an image, or what stands for one").max(4096),
    namespace: askedNamespace,
    envProcess: z.string().nullish().meta({ description: "The command; otherwise the image's" }),
    envVars: z
      .record(z.string().regex(/^[^=\0]+$/, "cannot be a variable's name"), z.string())
      .nullish(),
    constraints: z.array(z.string()).nullish(),
    secrets: z.array(secretName).nullish().meta({ description: "Names" }),
    labels: texts.nullish(),
    annotations: texts.nullish(),
    limits: resources.nullish(),
    requests: resources.nullish(),
    readOnlyRootFilesystem: z.boolean().nullish(),
    network: z.string().nullish().meta({ deprecated: true, description: "Ignored" }),
    registryAuth: z
      .string()
      .nullish()
      .meta({ deprecated: true, description: "Base64 of user:password; checked and ignored" }),
  })
  .meta({ description: "A function as it is to be" });

export type FunctionDeployment = z.infer<typeof functionDeployment>;

/** `?usage=1`. */
export const statusQuery = z.object({
  namespace: z.string().optional(),
  usage: z.string().optional().meta({ description: "1 or true: with what it uses just now" }),
});

export const functionStatus = z
  .object({
    name: z.string(),
    image: z.string().meta({ description: "Verbatim as deployed" }),
    namespace: z.string(),
    envProcess: z.string().optional(),
    envVars: texts.optional(),
    constraints: z.array(z.string()).optional(),
    secrets: z.array(z.string()).optional(),
    labels: texts,
    annotations: texts,
    limits: resources.optional(),
    requests: resources.optional(),
    readOnlyRootFilesystem: z.boolean().optional(),
    invocationCount: z.number().min(0),
    replicas: z.int().min(0).meta({ description: "Wanted" }),
    availableReplicas: z.int().min(0).meta({ description: "Answering" }),
    createdAt: z.iso.datetime(),
    usage: z
      .object({ cpu: z.number(), totalMemoryBytes: z.number() })
      .optional()
      .meta({ description: "cpu in thousandths of a processor" }),
  })
  .meta({
    description: "A function as it is. What is empty is left out, but for labels and annotations",
  });

export type FunctionStatus = z.infer<typeof functionStatus>;

export const functionList = z.array(functionStatus);

export const functionRemoval = z.object({ functionName: writtenName, namespace: askedNamespace });

export const functionScale = z.object({
  serviceName: z.string().nullish().meta({ description: "Not looked at: the path names it" }),
  replicas: z.int().min(0),
  namespace: askedNamespace,
});
