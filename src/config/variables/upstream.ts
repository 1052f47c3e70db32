import type { Variable } from "../variable.ts";

/** Of a mode that is not in this version: what an image for several modes sets is no mistake. */
const unused = {
  group: "Start",
  kind: "text",
  origin: "of",
  modes: [],
  unset: "not used",
} as const;

/** A program that serves HTTP itself. */
export const UPSTREAM_VARIABLES = {
  upstream_url: { ...unused, modes: ["http"], text: "Of `mode=http`." },
  http_upstream_url: { ...unused, modes: ["http"], text: "Of `mode=http`." },
  http_buffer_req_body: { ...unused, modes: ["http"], text: "Of `mode=http`." },
  buffer_http: { ...unused, modes: ["http"], text: "Of `mode=http`." },
} as const satisfies Readonly<Record<string, Variable>>;
