/** A whole answer. */
export interface Answer {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** An answer that goes on: each line leaves at once. */
export interface LinesAnswer {
  readonly status: number;
  readonly headers: readonly string[];
  /** There may always be more: whoever does not listen any more has left. */
  readonly isEndless: boolean;
  /** With their ends. */
  readonly lines: AsyncIterable<string>;
}

/** For a reader: a sentence, as Go's `http.Error` sends it. The CLI prints it as it is. */
export function sayText(status: number, text: string, headers: readonly string[] = []): Answer {
  return { status, headers: [...PLAIN_TEXT, ...headers], body: `${text}\n` };
}

const PLAIN_TEXT = [
  "Content-Type",
  "text/plain; charset=utf-8",
  "X-Content-Type-Options",
  "nosniff",
];

export function sayJson(value: unknown, status = 200): Answer {
  return { status, headers: ["Content-Type", "application/json"], body: JSON.stringify(value) };
}

export function sayNothing(status: number, headers: readonly string[] = []): Answer {
  return { status, headers, body: "" };
}

/** As Go's routers say that nothing is there. */
export const nothingThere = (): Answer => sayText(404, "404 page not found");
