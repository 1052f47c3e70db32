import { fileURLToPath } from "node:url";
import type { Group, Peer } from "./case.ts";
import { echoCases, framingCases } from "./cases/bodies.ts";
import { connectionCases } from "./cases/connections.ts";
import { fileCases } from "./cases/files.ts";
import { headerCases } from "./cases/headers.ts";
import { healthCases, oneRequest, outcomeCases } from "./cases/outcomes.ts";
import { requestLineCases } from "./cases/request-lines.ts";
import { upstreamAnswerCases, upstreamRequestCases } from "./cases/upstream.ts";
import { besideFiles, besideUpstream } from "./surroundings.ts";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

const showsItsRequest = fixture("shows-its-request");
const misbehaves = fixture("misbehaves");

/** All that is asked of a fork mode, whoever has it. */
function forkMode(peer: Peer, mode: string): readonly Group[] {
  const peers = [peer];
  const variables = mode === "classic" ? {} : { mode };
  const group = (name: string, fprocess: string, rest: Partial<Group>): Group => ({
    name: `${mode}: ${name}`,
    peers,
    cases: oneRequest,
    ...rest,
    variables: { ...variables, fprocess, ...rest.variables },
  });
  return [
    group("request lines", showsItsRequest, { cases: requestLineCases }),
    group("headers", showsItsRequest, { cases: headerCases }),
    group("framings", showsItsRequest, { cases: framingCases }),
    group("echoes", "cat", { cases: echoCases }),
    group("connections", "cat", { cases: connectionCases }),
    group("health", "cat", { cases: healthCases }),
    group("outcomes", misbehaves, { cases: outcomeCases }),
    group("a deadline", "sleep 5", { variables: { exec_timeout: "200ms" } }),
    group("no such path", "/no/such/program", {}),
    group("no such program", "no-such-program", {}),
    group("a folder", "/usr", {}),
    group("a content type of its own", "cat", { variables: { content_type: "text/x-own" } }),
    group("an empty argument", "printf  x", {}),
    group("the log", misbehaves, { cases: outcomeCases.slice(0, 2), comparesLog: true }),
  ];
}

const classicOnly: readonly Group[] = (
  [
    ["marshal_request", "cat"],
    ["cgi_headers", showsItsRequest, "false"],
    ["combine_output", misbehaves, "false"],
    ["write_debug", misbehaves],
  ] as const
).map(([variable, fprocess, value = "true"]) => ({
  name: `classic: ${variable}=${value}`,
  peers: ["classic-watchdog"],
  variables: { fprocess, [variable]: value },
  cases: variable === "marshal_request" ? [...headerCases, ...oneRequest] : outcomeCases,
}));

/** The script. */
export const groups: readonly Group[] = [
  ...forkMode("classic-watchdog", "classic"),
  ...classicOnly,
  ...forkMode("of-watchdog", "serializing"),
  ...forkMode("of-watchdog", "streaming"),
  {
    name: "http: requests",
    peers: ["of-watchdog"],
    variables: { mode: "http" },
    surround: besideUpstream,
    cases: upstreamRequestCases,
  },
  {
    name: "http: answers",
    peers: ["of-watchdog"],
    variables: { mode: "http" },
    surround: besideUpstream,
    cases: upstreamAnswerCases,
  },
  {
    name: "http: a known length for all",
    peers: ["of-watchdog"],
    variables: { mode: "http", http_buffer_req_body: "true" },
    surround: besideUpstream,
    cases: upstreamRequestCases.slice(-1),
  },
  {
    name: "static: files",
    peers: ["of-watchdog"],
    variables: { mode: "static" },
    surround: besideFiles,
    cases: fileCases,
  },
];
