import type { z } from "zod";
import type { Scope as TokenScope } from "../auth/token.ts";
import type { Answer, LinesAnswer } from "./answer.ts";

/** What a row asks of a caller; `admin` may do all of it. */
export type Scope = Exclude<TokenScope, "invoke">;

type Method = "GET" | "POST" | "PUT" | "DELETE";

/** A row of the table: a request, who may make it, what it is given and what it is answered. */
export interface Route {
  readonly method: Method;
  /** Parameters in braces: `/system/function/{name}`. */
  readonly path: string;
  /** Whom the gate has to let in; `open`: everybody. */
  readonly scope: Scope | "open";
  /** Half a sentence, for the document. */
  readonly summary: string;
  readonly query?: z.ZodObject;
  /** Optional where the schema takes `undefined`. */
  readonly body?: z.ZodType;
  /** `answer` is given the body's text as it came, and checks it by itself. */
  readonly isBodyText?: true;
  /** Where the query does not fit. Otherwise 400 and the reason alone. */
  readonly misfit?: { readonly status: number; readonly message: string };
  readonly success: Success;
  /** How else it can end by itself, besides what no query, no body and no gate can do. */
  readonly failures: readonly number[];
  readonly answer: (asked: Asked) => Given | Promise<Given>;
}

type Given = Answer | LinesAnswer;

export interface Success {
  readonly status: number;
  readonly description: string;
  /** `undefined`: there is no body. */
  readonly type?: string;
  /** Of the body; of each line, where there are lines. */
  readonly schema?: z.ZodType;
}

/** What stands in a path; empty where the row has no such parameter. */
export interface Params {
  readonly name: string;
  readonly namespace: string;
  readonly callId: string;
}

/** A request that was let in, and fits its row. */
export interface Asked<Query = unknown, Body = unknown> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Of a row with `isBodyText`; otherwise empty. */
  readonly text: string;
  /** Aborted when nobody waits for an answer any more, and when the gateway closes. */
  readonly signal: AbortSignal;
}

type Shape<Schema> = Schema extends z.ZodType ? z.infer<Schema> : undefined;

/** Has the compiler see that `answer` is given what the schemas let through. */
export function defineRoute<
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(
  route: Omit<Route, "query" | "body" | "answer"> & {
    readonly query?: Query;
    readonly body?: Body;
    readonly answer: (asked: Asked<Shape<Query>, Shape<Body>>) => Given | Promise<Given>;
  },
): Route {
  return route as unknown as Route;
}
