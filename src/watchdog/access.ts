import type { Exchange } from "../http/exchange.ts";
import type { Answer } from "./response.ts";

/** Who is let in, where not everybody is. */
export interface Access extends Disposable {
  /** `undefined`: the request is let in, and its headers say so. Never rejects. */
  authorize(exchange: Exchange): Promise<Denial | undefined>;
  /** Of a request that is let in unasked: its headers must not say that somebody asked. */
  exempt(exchange: Exchange): void;
}

/** A request that is not let in. */
export interface Denial {
  readonly answer: Answer;
  /** For the log. Never a part of a token. */
  readonly reason: string;
}
