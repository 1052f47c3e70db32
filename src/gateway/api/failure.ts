import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { ProviderError, type ProviderFailure } from "../../provider/provider.ts";
import { QueueError } from "../queue/queue.ts";
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
};

/** What a client is told of what went wrong. */
export function toFailure(error: unknown, onFault: OnFault): Answer {
  if (error instanceof ApiError) return sayText(error.status, error.message);
  if (error instanceof ProviderError) return sayText(PROVIDER_STATUS[error.code], error.message);
  if (error instanceof QueueError && error.code === "away") return sayText(503, error.message);
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
