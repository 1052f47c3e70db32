import { describe, test } from "vitest";
import { isStream, toAnswerHead, toTrailers } from "../../../../src/http/proxy/answer-headers.ts";

const raw = (...texts: string[]) => texts.map((text) => Buffer.from(text, "latin1"));

describe("a type", () => {
  test.for([
    ["text/event-stream", true],
    [" Text/Event-Stream ; charset=utf-8", true],
    ["application/x-ndjson", true],
    ["application/ndjson", true],
    ["application/jsonl", true],
    ["application/json", false],
    ["text/plain; a=text/event-stream", false],
    [undefined, false],
  ] as const)("%j is a stream's: %s", ([type, expected], { expect }) => {
    expect(isStream(type)).toBe(expected);
  });
});

describe("an answer's head", () => {
  test("keeps bytes, order and repetitions, and says length and type apart", ({ expect }) => {
    const headers = raw("X-A", "\xe9", "Content-Length", "7", "content-TYPE", "a/b", "X-A", "2");
    expect(toAnswerHead(200, "Fine", headers)).toEqual({
      status: 200,
      reason: "Fine",
      headers: ["X-A", "\xe9", "content-TYPE", "a/b", "X-A", "2"],
      length: 7,
      contentType: "a/b",
      isEncoded: false,
    });
  });

  test("T27: is without what is about the connection, however it is named", ({ expect }) => {
    const headers = raw("CONNECTION", "close , X-Hop", "x-hop", "1", "Keep-Alive", "x", "TE", "y");
    expect(toAnswerHead(200, "", headers).headers).toEqual([]);
  });

  test("T26: has no length beside chunks", ({ expect }) => {
    const headers = raw("Content-Length", "1", "Transfer-Encoding", "chunked");
    expect(toAnswerHead(200, "", headers).length).toBeUndefined();
  });

  test("has no reason that could not be sent", ({ expect }) => {
    expect(toAnswerHead(200, "a\r\nb", []).reason).toBe("");
    expect(toAnswerHead(200, "\u20ac", []).reason).toBe("");
  });
});

test("trailers say nothing of how the message is read or where it goes", ({ expect }) => {
  const trailers = raw("X-Sum", "1", "content-length", "2", "Set-Cookie", "a", "HOST", "b");
  expect(toTrailers(trailers)).toEqual([["X-Sum", "1"]]);
});
