import { z } from "zod";
import { askedNamespace } from "./names.ts";

const version = z.object({
  commit_message: z.string(),
  sha: z.string().min(1),
  release: z.string().min(1),
});

export const systemInfo = z.object({
  provider: z.object({ provider: z.string().min(1), orchestration: z.string().min(1), version }),
  version,
  arch: z.string().min(1).meta({ description: "As uname -m says it" }),
});

export type SystemInfo = z.infer<typeof systemInfo>;

export const logsQuery = z.object({
  name: z.string().meta({ description: "NAME or NAME.NAMESPACE" }),
  namespace: askedNamespace,
  instance: z.string().optional().meta({ description: "One replica's" }),
  tail: z
    .string()
    .regex(/^-?\d{0,10}$/, "has to be a whole number")
    .optional()
    .meta({ description: "The last so many lines; 0 and less: all" }),
  since: z.iso.datetime({ offset: true, error: "has to be a time as in RFC 3339" }).optional(),
  follow: z.string().optional().meta({ description: "true or 1: goes on with what comes" }),
});

export const logLine = z.object({
  name: z.string(),
  namespace: z.string(),
  instance: z.string(),
  timestamp: z.iso.datetime(),
  text: z.string(),
});

export const asyncReport = z.object({
  name: z.string(),
  statusCode: z.int(),
  timeTaken: z.number().min(0).meta({ description: "Seconds" }),
});

export type AsyncReport = z.infer<typeof asyncReport>;
