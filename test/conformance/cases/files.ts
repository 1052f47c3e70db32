import { type Case, single } from "../case.ts";

const range = (text: string) => ({ target: "/text.txt", headers: `Range: ${text}\r\n` });

/** What clients ask of files. */
export const fileCases: readonly Case[] = single({
  "a file": { target: "/text.txt" },
  "a file, HEAD": { method: "HEAD", target: "/text.txt" },
  "a file, POST": { method: "POST", target: "/text.txt", body: "x" },
  "a file, OPTIONS": { method: "OPTIONS", target: "/text.txt" },
  "a page": { target: "/page.html" },
  "a file of no known type": { target: "/plain" },
  "an escaped name": { target: "/te%78t.txt" },
  "the root": { target: "/" },
  "the index by its name": { target: "/index.html" },
  "a folder without a slash": { target: "/folder" },
  "a folder without an index": { target: "/folder/" },
  "no such file": { target: "/nothing" },
  "a file with a slash behind it": { target: "/text.txt/" },
  "a dotfile": { target: "/.hidden" },
  "a well-known file": { target: "/.well-known/a.txt" },
  "a link out of the folder": { target: "/outside" },
  "dots that lead out": { target: "/%2e%2e/%2e%2e/etc/passwd" },
  "a backslash that leads out": { target: "/..%5c..%5cetc/passwd" },
  "a query beside a file": { target: "/text.txt?x=1" },
  "the first bytes": range("bytes=0-3"),
  "the last bytes": range("bytes=-4"),
  "two ranges of one": range("bytes=0-0, 2-2"),
  "a range behind the end": range("bytes=1000-"),
  "a range that is none": range("lines=1-2"),
  "modified since long ago": {
    target: "/text.txt",
    headers: "If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\n",
  },
  "modified since the future": {
    target: "/text.txt",
    headers: "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n",
  },
  "unmodified since long ago": {
    target: "/text.txt",
    headers: "If-Unmodified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\n",
  },
});
