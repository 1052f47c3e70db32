import { test } from "vitest";
import { StoredBody } from "../../../src/http/stored-body.ts";
import type { InputSource } from "../../../src/watchdog/input-feeder.ts";
import { marshalRequest } from "../../../src/watchdog/marshal.ts";

function marshal(rawHeaders: readonly string[], body: Buffer | StoredBody): string {
  const input = marshalRequest(rawHeaders, body);
  return Buffer.isBuffer(input) ? input.toString() : readAll(input);
}

function readAll(source: InputSource): string {
  let text = "";
  for (let isOver = false; !isOver; ) {
    source.read((_error, piece) => {
      isOver = piece.length === 0;
      text += Buffer.from(piece).toString();
    });
  }
  return text;
}

test("headers are sorted by their canonical names, each with all its values", ({ expect }) => {
  expect(marshal(["b-c", "2", "Host", "x", "A", "1", "B-C", "3"], Buffer.from("hi"))).toBe(
    '{"header":{"A":["1"],"B-C":["2","3"]},"body":{"raw":"aGk="}}',
  );
});

test("an empty body is an empty text", ({ expect }) => {
  expect(marshal([], Buffer.alloc(0))).toBe('{"header":{},"body":{"raw":""}}');
});

test("what could be markup is escaped as Go escapes it, and bytes that are no text replaced", ({
  expect,
}) => {
  expect(marshal(["A", '<a href="&">\t\xe2\x80\xa8\xff\xe2\x82'], Buffer.alloc(0))).toContain(
    '"\\u003ca href=\\"\\u0026\\"\\u003e\\t\\u2028\\ufffd\\ufffd\\ufffd"',
  );
});

test("each byte of what is no UTF-8 is replaced by itself, and what is stays", ({ expect }) => {
  const values = {
    "\xc0\xaf": "\\ufffd\\ufffd",
    "a\xe4\xb8b\xe4\xb8\xadc": "a\\ufffd\\ufffdb中c",
    "\xed\xa0\x80\xff": "\\ufffd".repeat(4),
    "\xf4\x90\x80\x80\xf0\x9f\x98\x80": `${"\\ufffd".repeat(4)}😀`,
    '\\\xf8"\xc3': '\\\\\\ufffd\\"\\ufffd',
  };
  for (const [value, json] of Object.entries(values)) {
    expect(marshal(["A", value], Buffer.alloc(0))).toContain(`{"A":["${json}"]}`);
  }
});

test("pieces of any length make one base64 text", ({ expect }) => {
  const pieces = [1, 1, 1, 2, 5, 7, 100_000, 1].map((size, index) =>
    Buffer.alloc(size, 65 + index),
  );
  const whole = Buffer.concat(pieces);
  const text = marshal([], new StoredBody(whole.length, undefined, pieces));
  expect(JSON.parse(text).body.raw).toBe(whole.toString("base64"));
});

test("a body that is small until it is marshalled is passed on in pieces", ({ expect }) => {
  const body = Buffer.alloc(60_000, "x");
  expect(Buffer.isBuffer(marshalRequest([], body))).toBe(false);
  expect(JSON.parse(marshal([], body)).body.raw).toBe(body.toString("base64"));
});
