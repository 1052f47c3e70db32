export interface FramedBody {
  /** Without its chunks. */
  readonly taken: string;
  /** What comes behind it. */
  readonly rest: string;
  /** The lines behind the last chunk, if there are any. */
  readonly trailers: string | undefined;
}

/**
 * The body of an answer at the beginning of `text`, one character a byte; `undefined`: it is not all there. `header`: by names
 * in small letters. `isEnd`: the connection ended in good order, which is the end of a body whose length nobody says.
 */
export function takeBody(
  text: string,
  header: (name: string) => string | undefined,
  isEnd: boolean,
): FramedBody | undefined {
  if (header("transfer-encoding") === "chunked") return takeChunks(text);
  const length = header("content-length");
  if (length === undefined) return isEnd ? whole(text, "") : undefined;
  if (text.length < Number(length)) return undefined;
  return whole(text.slice(0, Number(length)), text.slice(Number(length)));
}

const whole = (taken: string, rest: string, trailers?: string): FramedBody => ({
  taken,
  rest,
  trailers,
});

function takeChunks(text: string): FramedBody | undefined {
  let taken = "";
  let position = 0;
  for (;;) {
    const lineEnd = text.indexOf("\r\n", position);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(text.slice(position, lineEnd), 16);
    if (size === 0) return takeTrailers(taken, text.slice(lineEnd + 2));
    const next = lineEnd + 2 + size + 2;
    if (!(text.length >= next)) return undefined;
    taken += text.slice(lineEnd + 2, next - 2);
    position = next;
  }
}

/** The lines up to the empty one. */
function takeTrailers(taken: string, text: string): FramedBody | undefined {
  if (text.startsWith("\r\n")) return whole(taken, text.slice(2));
  const end = text.indexOf("\r\n\r\n");
  return end < 0 ? undefined : whole(taken, text.slice(end + 4), text.slice(0, end));
}
