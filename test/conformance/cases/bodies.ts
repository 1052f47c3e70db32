import { type Case, framed, type RequestParts, single } from "../case.ts";

const chunked = "Transfer-Encoding: chunked\r\n";

const framings: Readonly<Record<string, readonly [string, string, RequestParts?]>> = {
  chunked: [chunked, "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nX-T: 1\r\n\r\n"],
  "no chunks": [chunked, "0\r\n\r\n"],
  "a trailer that was announced": [`${chunked}Trailer: X-T\r\n`, "1\r\nx\r\n0\r\nX-T: 1\r\n\r\n"],
  "a chunk's size that is no number": [chunked, "zz\r\nabc\r\n"],
  "a chunk longer than its size": [chunked, "3\r\nabcde\r\n0\r\n\r\n"],
  "a chunk's size below zero": [chunked, "-1\r\n"],
  "a chunk's size without bounds": [chunked, "fffffffffffffffff\r\n"],
  "chunks that end in LF": [chunked, "3\nabc\n0\n\n"],
  "LF in a chunk's extension": [chunked, "3;a\nb\r\nabc\r\n0\r\n\r\n"],
  "a blank behind a chunk's size": [chunked, "3 \r\nabc\r\n0\r\n\r\n"],
  "0x in a chunk's size": [chunked, "0x3\r\nabc\r\n0\r\n\r\n"],
  "a bad trailer": [chunked, "0\r\nX Y: 1\r\n\r\n"],
  "chunked, in GET": [chunked, "1\r\nx\r\n0\r\n\r\n", { method: "GET" }],
  "chunked, in other letters": ["Transfer-Encoding: Chunked\r\n", "1\r\nx\r\n0\r\n\r\n"],
  "chunked, in HTTP/1.0": [chunked, "1\r\nx\r\n0\r\n\r\n", { version: "1.0" }],
  "chunked twice": [`${chunked}${chunked}`, "0\r\n\r\n"],
  xchunked: ["Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"],
  "gzip, chunked": ["Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"],
  identity: ["Transfer-Encoding: identity\r\n", ""],
  "an empty coding": ["Transfer-Encoding:\r\n", ""],
  "a length and chunks": [`Content-Length: 4\r\n${chunked}`, "1\r\nx\r\n0\r\n\r\n"],
  "two lengths": ["Content-Length: 1\r\nContent-Length: 2\r\n", "xy"],
  "one length twice": ["Content-Length: 1\r\nContent-Length: 1\r\n", "x"],
  "a list of lengths": ["Content-Length: 1, 1\r\n", "x"],
  "a length with a sign": ["Content-Length: +5\r\n", "xxxxx"],
  "a length below zero": ["Content-Length: -5\r\n", ""],
  "an empty length": ["Content-Length:\r\n", ""],
  "a length in hexadecimal": ["Content-Length: 0x1\r\n", "x"],
  "a length without bounds": ["Content-Length: 99999999999999999999\r\n", "x"],
};

/** How a body is framed. */
export const framingCases: readonly Case[] = [
  ...Object.entries(framings).map(([name, [headers, body, parts]]) => ({
    name,
    sent: framed(headers, body, parts),
  })),
  { name: "chunks that are cut", sent: framed(chunked, "3\r\nab"), isHalfClosed: true },
];

const sizes = [0, 1, 2047, 2048, 2049, 4096, 65_536, 65_537, 1_000_000];

const samples: readonly string[] = [
  "<html>x",
  "<!DOCTYPE html>",
  "\x89PNG\r\n\x1a\n",
  "\x00\x01",
  '{"a":1}',
  "%PDF-1",
  "GIF89a",
  "\xef\xbb\xbfhi",
  "\xff\xfea\x00",
  "<?xml v",
  "   <b>",
  "PK\x03\x04",
  "\x1f\x8b\x08",
  "\x00asm",
  "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
  "RIFFxxxxWEBPVP8 ",
  `${"a".repeat(600)}\x00`,
  "\xe9\xff",
  "ID3",
  "<p>",
  "OggS\x00",
  "wOF2",
];

const posted = (body: string): RequestParts => ({ method: "POST", body });

/** What `cat` gives back: its length, its framing and what it is taken for. */
export const echoCases: readonly Case[] = [
  ...single(Object.fromEntries(sizes.map((size) => [`${size} bytes`, posted("a".repeat(size))]))),
  ...single(
    Object.fromEntries(
      samples.map((body) => [`sniffs ${JSON.stringify(body.slice(0, 20))}`, posted(body)]),
    ),
  ),
];
