import { describe, test } from "vitest";
import { AnswerParser } from "../../../../src/http/proxy/answer-parser.ts";

/** What a parser tells of the answer to one request, whose bytes come in these pieces. */
function read(method: string, pieces: readonly (string | Buffer)[]) {
  const told = { heads: [] as number[], body: "", ends: 0, trailers: "", upgrade: "" };
  const parser = new AnswerParser((piece) => piece);
  parser.expect(method, {
    onInformation: ({ status }) => told.heads.push(status),
    onHead: ({ status }) => told.heads.push(status),
    onChunk: (chunk) => {
      told.body += chunk.toString("latin1");
    },
    onEnd: (trailers) => {
      told.ends++;
      told.trailers = trailers.join(";");
    },
    onUpgrade: (_head, early) => {
      told.upgrade = early.toString("latin1");
    },
  });
  for (const piece of pieces) parser.push(Buffer.from(piece as string, "latin1"));
  return { ...told, parser };
}

const HEAD = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
const ANSWERS = [
  [`${HEAD}Content-Length: 5\r\n\r\nhello`, "hello", ""],
  [`${CHUNKED}3\r\nhel\r\n2;x="y"\r\nlo\r\n0\r\nX-T: 1\r\n\r\n`, "hello", "X-T,1"],
  [`HTTP/1.1 103 Early\r\nLink: x\r\n\r\n${HEAD}Content-Length: 5\r\n\r\nhello`, "hello", ""],
  [`HTTP/1.1 100 Continue\r\n\r\n${HEAD}Content-Length: 0\r\n\r\n`, "", ""],
  ["HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", "hello", ""],
  ["HTTP/1.1 200 OK\nContent-Length: 5\r\n\nhello", "hello", ""],
  [`HTTP/1.1 200 OK\r\nContent-Length: 5\n\r\nhello`, "hello", ""],
  ["HTTP/1.1 200 OK\nContent-Length: 5\n\n\n\r\n\r\n", "\n\r\n\r\n", ""],
] as const;

describe("an answer", () => {
  test.for(ANSWERS)(
    "%j is read the same, however it is cut into pieces",
    ([text, body, trailers], { expect }) => {
      for (const pieces of [[text], [...text], [text.slice(0, 20), text.slice(20)]]) {
        const { parser, ...told } = read("GET", pieces);
        expect(told).toMatchObject({ body, trailers, ends: 1 });
        expect([parser.isIdle, parser.isKept]).toEqual([true, true]);
      }
    },
  );

  test("that only the end of its connection ends is complete with that, and not kept", ({
    expect,
  }) => {
    const { parser, ends } = read("GET", [`${HEAD}\r\nhel`, "lo"]);
    expect(ends).toBe(0);
    expect([parser.end(), parser.isKept]).toEqual([true, false]);
  });

  test("G12: that has a length, or chunks, is not complete when the connection ends before", ({
    expect,
  }) => {
    for (const text of [`${HEAD}Content-Length: 5\r\n\r\nhel`, `${CHUNKED}3\r\nhel\r\n`, HEAD]) {
      expect(read("GET", [text]).parser.end()).toBe(false);
    }
  });

  test("to HEAD, a 204 and a 304 have no body, whatever they say", ({ expect }) => {
    for (const [method, status] of [
      ["HEAD", 200],
      ["GET", 204],
      ["GET", 304],
    ] as const) {
      const text = `HTTP/1.1 ${status} X\r\nContent-Length: 5\r\n\r\n`;
      expect(read(method, [text])).toMatchObject({ ends: 1, body: "" });
    }
  });

  test("that switches protocols hands over what is behind it", ({ expect }) => {
    const { upgrade, ends } = read("GET", ["HTTP/1.1 101 S\r\nUpgrade: x\r\n\r\nearly"]);
    expect([upgrade, ends]).toEqual(["early", 0]);
  });

  test("may have a hundred informational heads before its own, and no more", ({ expect }) => {
    for (const status of [100, 103]) {
      const heads = `HTTP/1.1 ${status} X\r\n\r\n`.repeat(100);
      expect(read("GET", [`${heads}${HEAD}Content-Length: 0\r\n\r\n`]).ends).toBe(1);
      expect(() => read("GET", [heads, `HTTP/1.1 ${status} X\r\n\r\n`])).toThrow("too many heads");
    }
  });

  test.for([
    `${HEAD}Content-Length: 2\r\n\r\nokmore`,
    `${CHUNKED}xx\r\n`,
    `${CHUNKED}-1\r\n`,
    `${CHUNKED}\r\n`,
    `${CHUNKED}1fffffffffffff\r\n`,
    `${CHUNKED}3\r\nabcd\r\n`,
    `${CHUNKED}3\nabc\r\n`,
    `${CHUNKED}3 x\r\nabc\r\n`,
    `${CHUNKED}${"0".repeat(20_000)}`,
    `${CHUNKED}0\r\n bad\r\n\r\n`,
    `HTTP/1.1 200 OK\r\nX: ${"x".repeat(2 * 1024 * 1024)}`,
  ])("T26: cannot go on as %j", (text, { expect }) => {
    expect(() => read("GET", [text])).toThrow();
  });
});
