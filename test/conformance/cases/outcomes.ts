import { type Case, single } from "../case.ts";

const does = (what: string) => ({ method: "POST", body: "in", headers: `X-Do: ${what}\r\n` });

const deeds = [
  "echoes",
  "exits-3",
  "echoes-and-exits-3",
  "dies-of-segv",
  "kills-itself",
  "ignores-input",
  "closes-stdin",
  "floods-stdout",
  "complains",
];

/** What the program does, and what the client hears of it. */
export const outcomeCases: readonly Case[] = single(
  Object.fromEntries(deeds.map((deed) => [deed, does(deed)])),
);

/** Programs that are not there, or late. */
export const oneRequest: readonly Case[] = single({ POST: { method: "POST", body: "in" } });

/** What is not the function's. */
export const healthCases: readonly Case[] = single({
  health: { target: "/_/health" },
  "health, HEAD": { method: "HEAD", target: "/_/health" },
  "health, POST": { method: "POST", target: "/_/health", body: "x" },
  "health with a query": { target: "/_/health?x" },
  "health with a slash": { target: "/_/health/" },
  "health, escaped": { target: "/%5f/health" },
  "health of an absolute target": { target: "http://x/_/health" },
  ready: { target: "/_/ready" },
  "ready, HEAD": { method: "HEAD", target: "/_/ready" },
  "ready, POST": { method: "POST", target: "/_/ready", body: "" },
});
