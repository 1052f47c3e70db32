import { describe, test } from "vitest";
import { sniffContentType } from "../../../src/http/sniff.ts";

const sniff = (bytes: string) => sniffContentType(Buffer.from(bytes, "latin1"));
const TEXT = "text/plain; charset=utf-8";
const HTML = "text/html; charset=utf-8";
const BYTES = "application/octet-stream";

describe("the type of bytes", () => {
  const types: Readonly<Record<string, string>> = {
    hello: TEXT,
    "{}": TEXT,
    "  \t\n hello": TEXT,
    "\x1b[1mbold": TEXT,
    "caf\xc3\xa9": TEXT,
    "\xff\xfe": TEXT,
    "a\0b": BYTES,
    "\x01": BYTES,
    "<!DOCTYPE html>": HTML,
    "  <HtMl>": HTML,
    "<a href>": HTML,
    "<br/>": TEXT,
    "<b": TEXT,
    "<!-- x": HTML,
    "\n<?xml version": "text/xml; charset=utf-8",
    "%PDF-1.7": "application/pdf",
    " %PDF-1.7": TEXT,
    "%!PS-Adobe-3": "application/postscript",
    "\xfe\xff\0a": "text/plain; charset=utf-16be",
    "\xef\xbb\xbfa": TEXT,
    GIF89a: "image/gif",
    "BM\0": "image/bmp",
    "\x89PNG\r\n\x1a\n": "image/png",
    "\xff\xd8\xff\xe0": "image/jpeg",
    "RIFF....WEBPVP": "image/webp",
    "RIFF....WAVE": "audio/wave",
    "RIFF....AVI ": "video/avi",
    ID3: "audio/mpeg",
    "\0\0\0\x14ftypmp42\0\0\0\0isom": "video/mp4",
    "\0\0\0\x14ftypisom\0\0\0\0mp41": "video/mp4",
    "\0\0\0\x10ftypisommp42": BYTES,
    "\x1a\x45\xdf\xa3": "video/webm",
    [`${"\0".repeat(34)}LP`]: "application/vnd.ms-fontobject",
    "\0\x01\0\0": "font/ttf",
    wOF2: "font/woff2",
    "\x1f\x8b\x08": "application/x-gzip",
    "PK\x03\x04": "application/zip",
    "\0asm": "application/wasm",
    "\0\0\x01\0": "image/x-icon",
  };
  for (const [bytes, type] of Object.entries(types)) {
    test(`that begin with ${JSON.stringify(bytes.slice(0, 20))} is ${type}`, ({ expect }) => {
      expect(sniff(bytes)).toBe(type);
    });
  }

  test("is looked for in the first 512 only", ({ expect }) => {
    expect(sniff(`${"a".repeat(512)}\0`)).toBe(TEXT);
    expect(sniff(`${"a".repeat(511)}\0`)).toBe(BYTES);
  });
});
