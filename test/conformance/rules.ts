import type { Rule } from "./rule.ts";

const deviation = (why: string, rest: Omit<Rule, "kind" | "why">): Rule => ({
  kind: "deviation",
  why,
  ...rest,
});
const mended = (why: string, rest: Omit<Rule, "kind" | "why">): Rule => ({
  kind: "mended",
  why,
  ...rest,
});

const badFramings: readonly string[] = [
  "a chunk's size that is no number",
  "a chunk's size below zero",
  "a chunk's size without bounds",
  "a chunk longer than its size",
  "chunks that end in LF",
  "LF in a chunk's extension",
  "a blank behind a chunk's size",
  "0x in a chunk's size",
  "a bad trailer",
  "one length twice",
];

/** Of single cases. */
const ofCases: readonly Rule[] = [
  deviation("bytes above 127 in the request line, a version other than 1.0 and 1.1", {
    cases: [
      "HTTP/1.2",
      "\\xff in a path",
      "\\xfe in a query",
      "UTF-8 in a path",
      "a target of another scheme",
    ],
  }),
  deviation("a method that Node does not know: 405 in `classic`, else 501", {
    cases: ["FOO", "get", "UPDATE"],
  }),
  deviation("a method that Node does not know ends its connection", {
    cases: ["CONNECT host:port", "CONNECT /path", "an unknown method between two"],
  }),
  deviation("empty lines before a request are skipped", { cases: ["empty lines in front"] }),
  deviation("bytes that begin no request are refused at once", { cases: ["a hello of TLS"] }),
  deviation("`Transfer-Encoding: identity`, or any coding in HTTP/1.0: 400", {
    cases: ["identity", "chunked, in HTTP/1.0", "an empty coding"],
  }),
  deviation("`Content-Length` beside `Transfer-Encoding`, a bare LF", {
    cases: ["bare LF", "a length and chunks", "xchunked", "gzip, chunked", "chunked twice"],
  }),
  deviation("NUL, CR or LF in a decoded path: 400", {
    cases: ["%00", "%0d%0a", "140 KB in one header"],
  }),
  deviation("the redirect to a cleaned path keeps what is escaped as it is", {
    cases: ["two slashes and an escape", "two slashes and characters of HTML"],
  }),
  mended("T26", { cases: ["a folded value", ...badFramings] }),
  mended("T4", { cases: ["two headers of one variable"], fields: ["body"], isRare: true }),
  mended("G21", { groups: /^serializing/, theirs: /broken pipe/, isRare: true }),
  // The same race, by what else is in their answer.
  mended("G21", {
    groups: /^serializing/,
    cases: ["closes-stdin", "ignores-input"],
    statuses: [500, 200],
    isRare: true,
  }),
  mended("T1", { cases: ["Proxy"], fields: ["body"] }),
  mended("G5", { cases: ["headers named as our variables"], fields: ["body"] }),
  mended("G2", {
    groups: /^streaming/,
    cases: ["a big body that nobody reads, then another"],
    fields: ["body"],
  }),
  mended("G22", { groups: /marshal_request/, cases: ["a body that is cut"] }),
  mended("G2", { groups: /^streaming/, cases: ["a body that is cut", "chunks that are cut"] }),
  deviation("`/_/ready` in every mode", {
    groups: /^classic: health/,
    cases: ["ready", "ready, POST", "ready, HEAD"],
  }),
];

const forwarded = /^http: (requests|a known length)/;

/** Of a program that serves HTTP itself. */
const ofUpstreams: readonly Rule[] = [
  mended("G30", { groups: forwarded, cases: ["Expect: 100-continue to an upstream"] }),
  deviation("`http` passes the path of an absolute target on", {
    groups: forwarded,
    cases: ["an absolute target to an upstream"],
  }),
  deviation("`http` adds no header of its own, and passes none on that is about the connection", {
    groups: forwarded,
    fields: ["body"],
    theirs: /\nuser-agent: Go-http-client|\nconnection: close/,
  }),
  deviation("`http` passes 1xx, trailers and reasons on", {
    groups: /^http: answers/,
    cases: ["hints", "trailers", "own-reason", "HEAD of a length"],
  }),
  mended("T27", { groups: /^http: answers/, cases: ["hop-by-hop"], fields: ["header"] }),
  mended("G12", { groups: /^http: answers/, cases: ["cuts-its-length", "cuts-its-chunks"] }),
];

const notServed: readonly string[] = [
  "a file, POST",
  "a file, OPTIONS",
  "a folder without an index",
  "a dotfile",
  "a link out of the folder",
  "a file with a slash behind it",
];

/** Of files. */
const ofFiles: readonly Rule[] = [
  deviation("`static` takes `GET` and `HEAD` alone", { groups: /^static/, cases: notServed }),
  deviation("`static` ignores a range in units that it does not know", {
    groups: /^static/,
    cases: ["a range that is none"],
  }),
  deviation("`static` says why it refuses", {
    groups: /^static/,
    cases: ["a range behind the end", "unmodified since long ago"],
  }),
  deviation("`static` logs requests, and says `ETag`, `Cache-Control`", {
    groups: /^static/,
    fields: ["header cache-control", "header etag", "header vary", "header x-content-type-options"],
    theirs: /^$/,
  }),
];

/** Of what a program does. */
const ofOutcomes: readonly Rule[] = [
  mended("G13", {
    groups: /^streaming: (outcomes|a deadline|no such|a folder|the log)/,
    statuses: [200, 500],
  }),
  mended("G13", {
    groups: /^streaming: outcomes/,
    cases: ["echoes-and-exits-3"],
    fields: ["answers", "rest", "ending"],
  }),
];

/** Of every answer. */
const ofAnswers: readonly Rule[] = [
  deviation("a status line always says `HTTP/1.1`; the reason for a 400 is in its body alone", {
    fields: ["reason", "header date", "header content-type", "framing", "body"],
    statuses: [400, 400],
  }),
  deviation("a status line always says `HTTP/1.1`; the reason for a 400 is in its body alone", {
    fields: ["reason", "header date", "framing", "body"],
    statuses: [505, 505],
  }),
  deviation("a status line always says `HTTP/1.1`; the reason for a 400 is in its body alone", {
    fields: ["header date"],
    statuses: [431, 431],
  }),
  deviation("`BREEZE_SESSION` in the program's environment; `X-Breeze-Outcome`", {
    fields: ["header x-breeze-outcome"],
    theirs: /^$/,
  }),
  deviation("an answer says its length wherever it is known", { fields: ["framing"] }),
  deviation("an answer of HTTP/1.0 says `Connection: close`", {
    fields: ["header connection"],
    theirs: /^$/,
    ours: /^"close"$/,
    cases: [
      "HTTP/1.0",
      "HTTP/1.0 with a body",
      "Expect: 100-continue in HTTP/1.0",
      "half-closed, HTTP/1.0",
      "HTTP/1.0 to an upstream",
    ],
  }),
  deviation("with `log_format=text`: no `Started logging: stderr from function.`", {
    fields: ["log"],
    theirs: /^Started logging: stderr from function\.\n/,
  }),
];

/** The first that is about a difference counts. */
export const rules: readonly Rule[] = [
  ...ofUpstreams,
  ...ofFiles,
  ...ofCases,
  ...ofOutcomes,
  ...ofAnswers,
];
