import type { Exchange } from "../../http/exchange.ts";
import type { Answer, LinesAnswer } from "./answer.ts";
import { ApiError } from "./api-error.ts";
import { describeMisfit } from "./failure.ts";
import { parseJson, readText } from "./json.ts";
import type { Asked, Params, Route } from "./route.ts";

/** What a request that was let in brings. */
export interface Incoming {
  readonly exchange: Exchange;
  readonly params: Partial<Params>;
  /** `undefined`: there is none. */
  readonly body: Uint8Array | undefined;
  readonly signal: AbortSignal;
}

/** Checks it against its row, and has that answer. Rejects with `ApiError` where it does not fit. */
export async function serveRoute(route: Route, incoming: Incoming): Promise<Answer | LinesAnswer> {
  const { exchange, params, signal } = incoming;
  const text = route.body === undefined ? "" : readText(incoming.body ?? NOTHING);
  const asked: Asked = {
    params: { ...NO_PARAMS, ...params },
    query: readQuery(route, exchange.head.query),
    body: route.isBodyText ? undefined : readBody(route, text),
    text,
    signal,
  };
  return await route.answer(asked);
}

const NOTHING = new Uint8Array();
const NO_PARAMS: Params = { name: "", namespace: "", callId: "" };

/** Of what is said twice the last counts. */
function readQuery({ query: schema, misfit }: Route, query: string): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(Object.fromEntries(new URLSearchParams(query)));
  if (parsed.success) return parsed.data;
  const { status = 400, message = "the query cannot be used" } = misfit ?? {};
  throw new ApiError(status, `${message}: ${describeMisfit(parsed.error)}`);
}

function readBody({ body: schema }: Route, text: string): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(text === "" ? undefined : parseJson(text));
  if (parsed.success) return parsed.data;
  const reason = text === "" ? "there is no body" : describeMisfit(parsed.error);
  throw new ApiError(400, `the request cannot be used: ${reason}`);
}
