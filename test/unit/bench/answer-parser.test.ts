import { describe, test } from "vitest";
import { createAnswerParser } from "../../../bench/load/answer-parser.ts";

interface Read {
  status: number;
  body: string;
  complete: boolean;
}

/** Reads the bytes, cut into pieces of this length. */
function readAnswers(text: string, pieceLength: number, ends = false): Read[] {
  const answers: Read[] = [];
  const parser = createAnswerParser({
    onHead: ({ status }) => answers.push({ status, body: "", complete: false }),
    onBody: (piece) => {
      (answers.at(-1) as Read).body += piece.toString("latin1");
    },
    onComplete: () => {
      (answers.at(-1) as Read).complete = true;
    },
  });
  const bytes = Buffer.from(text, "latin1");
  for (let start = 0; start < bytes.length; start += pieceLength) {
    parser.push(bytes.subarray(start, start + pieceLength));
  }
  if (ends) parser.end();
  return answers;
}

const withLength = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const chunked =
  "HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA\r\n, world!!\n\r\n0\r\n\r\n";
const empty = "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n";

describe.for([1, 2, 3, 7, 1000])("in pieces of %d bytes", (pieceLength) => {
  test("answers behind each other are told apart, however they are delimited", ({ expect }) => {
    expect(readAnswers(withLength + chunked + empty + withLength, pieceLength)).toEqual([
      { status: 200, body: "hello", complete: true },
      { status: 500, body: "hello, world!!\n", complete: true },
      { status: 405, body: "", complete: true },
      { status: 200, body: "hello", complete: true },
    ]);
  });

  test("a chunked answer without its last chunk is not complete, even if the connection ends in order", ({
    expect,
  }) => {
    const cut = chunked.slice(0, -"0\r\n\r\n".length);
    expect(readAnswers(cut, pieceLength, true)[0]?.complete).toBe(false);
  });

  test("an answer with fewer bytes than it announced is not complete", ({ expect }) => {
    expect(readAnswers(withLength.slice(0, -1), pieceLength, true)[0]?.complete).toBe(false);
  });

  test("an answer without a length is complete when the connection ends in order", ({ expect }) => {
    const answer = "HTTP/1.0 200 OK\r\n\r\nhello";
    expect(readAnswers(answer, pieceLength)[0]?.complete).toBe(false);
    expect(readAnswers(answer, pieceLength, true)[0]).toEqual({
      status: 200,
      body: "hello",
      complete: true,
    });
  });

  test("100 Continue is no answer", ({ expect }) => {
    expect(readAnswers(`HTTP/1.1 100 Continue\r\n\r\n${withLength}`, pieceLength)).toHaveLength(1);
  });
});

test("what is no answer is an error", ({ expect }) => {
  expect(() => readAnswers("SSH-2.0-OpenSSH\r\n\r\n", 1000)).toThrow("not an answer");
});
