import { describe, test } from "vitest";
import { parseAnswerHead, toTrailers } from "../../../../src/http/proxy/answer-head.ts";
import { isStream } from "../../../../src/http/proxy/stream-types.ts";

const parse = (...lines: string[]) => parseAnswerHead(["HTTP/1.1 200 OK", ...lines].join("\r\n"));

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
    const head = parse("X-A: \xe9", "Content-Length:7", "content-TYPE: \t a/b ", "X-A: 2", "X-B:");
    expect(head).toEqual({
      status: 200,
      reason: "OK",
      headers: ["X-A", "\xe9", "content-TYPE", "a/b", "X-A", "2", "X-B", ""],
      length: 7,
      isChunked: false,
      keepsConnection: true,
      contentType: "a/b",
      isEncoded: false,
    });
  });

  test("T27: is without what is about the connection, however it is named", ({ expect }) => {
    const head = parse("CONNECTION: close , X-Hop", "x-hop: 1", "Keep-Alive: x", "TE: y");
    expect([head.headers, head.keepsConnection]).toEqual([[], false]);
  });

  test("may end its lines with LF alone, or some of them", ({ expect }) => {
    const mixed = parseAnswerHead("HTTP/1.1 200 OK\nX-A: 1\r\nX-B: 2\nX-C: 3\r");
    expect(mixed.headers).toEqual(["X-A", "1", "X-B", "2", "X-C", "3"]);
  });

  test("T26: has no length beside chunks, and no two lengths", ({ expect }) => {
    const head = parse("Content-Length: 1", "Transfer-Encoding: Chunked");
    expect([head.length, head.isChunked]).toEqual([undefined, true]);
    expect(parse("Content-Length: 1", "Content-Length: 1").length).toBe(1);
    expect(() => parse("Content-Length: 1", "Content-Length: 2")).toThrow();
  });

  test("of HTTP/1.0 keeps its connection only where it says so, and knows no chunks", ({
    expect,
  }) => {
    const first = (...lines: string[]) =>
      parseAnswerHead(["HTTP/1.0 200 OK", ...lines].join("\r\n"));
    expect(first().keepsConnection).toBe(false);
    expect(first("Connection: Keep-Alive").keepsConnection).toBe(true);
    expect(() => first("Transfer-Encoding: chunked")).toThrow();
  });

  test.for([
    "HTTP/1.1 20 OK",
    "HTTP/1.1 2000 OK",
    "HTTP/2 200 OK",
    "HTTP/1.1 099 Low",
    "HTTP/1.1 200 OK\rX: 1",
    "HTTP/1.1 200 OK\r\r\nX: 1",
    "http/1.1 200 OK",
    "200 OK",
    "",
  ])("cannot begin with %j", (text, { expect }) => {
    expect(() => parseAnswerHead(text)).toThrow("does not begin");
  });

  test.for([
    "X-A",
    ": x",
    "X A: 1",
    "X-A : 1",
    " folded: 1",
    "X: a\n\tb",
    "X: a\r\r\nY: b",
    "X: a\rY: b",
    "X: \0",
    "Content-Length: -1",
    "Content-Length: +1",
    "Content-Length: 1, 1",
    "Content-Length: 0x1",
    "Content-Length:",
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding: identity",
  ])("T26: cannot have the line %j", (line, { expect }) => {
    expect(() => parse(line)).toThrow();
  });
});

test("trailers say nothing of how the message is read or where it goes", ({ expect }) => {
  const trailers = ["X-Sum", "1", "content-length", "2", "Set-Cookie", "a", "HOST", "b"];
  expect(toTrailers(trailers)).toEqual([["X-Sum", "1"]]);
});
