import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { ProviderError, type ProviderFailure } from "../../provider/provider.ts";
import { QueueError, type QueueFailure } from "../queue/queue.ts";
import { type Answer, sayText } from "./answer.ts";
import { ApiError } from "./api-error.ts";

/** Something that nobody had thought of. The client is told the id alone. */
export type OnFault = (id: string, error: unknown) => void;

const PROVIDER_STATUS: Readonly<Record<ProviderFailure, number>> = {
  notFound: 404,
  conflict: 409,
  invalid: 400,
  unsupported: 501,
  unavailable: 502,
  full: 507,
};

/** Of those that are nobody's fault; the others are for the log. */
const QUEUE_STATUS: Readonly<Partial<Record<QueueFailure, number>>> = { away: 503, full: 507 };

/** What a client is told of what went wrong. */
export function toFailure(error: unknown, onFault: OnFault): Answer {
  if (error instanceof ApiError) return sayText(error.status, error.message);
  if (error instanceof ProviderError) return sayText(PROVIDER_STATUS[error.code], error.message);
  const queueStatus = error instanceof QueueError ? QUEUE_STATUS[error.code] : undefined;
  if (queueStatus !== undefined) return sayText(queueStatus, (error as Error).message);
  const id = randomUUID();
  onFault(id, error);
  return sayText(
    500,
    `Something went wrong that should not: the gateway's log says more about ${id}.`,
  );
}

const MOST_ISSUES = 5;

/** Each thing that does not fit, with its place: `labels.team: Invalid input: expected string, received number`. */
export function describeMisfit({ issues }: z.ZodError): string {
  const said = issues.slice(0, MOST_ISSUES).map(({ path, message }) => {
    const place = path.map(String).join(".");
    return place === "" ? message : `${place}: ${message}`;
  });
  if (issues.length > MOST_ISSUES) said.push(`and ${issues.length - MOST_ISSUES} more`);
  return said.join("; ");
}
