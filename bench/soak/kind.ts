/** A kind of request: what the client does, what the function does, and what must come of it. */
export interface Kind {
  readonly name: string;
  /** How often, in relation to the others. */
  readonly weight: number;
  readonly client: ClientManner;
  /** The value of X-Do: a case of `test/fixtures/misbehaves`. */
  readonly does: string;
  readonly bodyBytes: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  /** The server may close the connection behind the answer without having announced it. */
  readonly mayEndConnection?: boolean;
  /** What becomes of the process, or of the request before there is one. */
  readonly fate: Fate;
}

export type ClientManner =
  | "waits"
  /** Sends the body in chunks, of unknown length. */
  | "sends chunked"
  /** Sends the body in pieces, with pauses. */
  | "sends slowly"
  /** Reads the answer in pieces, with pauses. */
  | "reads slowly"
  /** Closes its side behind the request and waits for the answer. */
  | "half-closes"
  | LeavingPhase;

/** Where a client leaves for good. */
export type LeavingPhase =
  | "leaves when connected"
  | "leaves in the head"
  | "leaves before the body"
  | "leaves in the body"
  | "leaves behind the request"
  | "leaves while the function works"
  | "leaves in the answer";

export type Fate =
  | { readonly is: "answered"; readonly body: "echo" | string }
  | { readonly is: "exited"; readonly code: number; readonly output: "echo" | "" }
  | { readonly is: "signaled"; readonly signal: string }
  | { readonly is: "timed out"; readonly output: string }
  | { readonly is: "refused"; readonly status: number }
  /** Nobody waits for an answer. */
  | { readonly is: "abandoned" };

export type Mode = "classic" | "serializing" | "streaming";
