import { basename, dirname, join } from "node:path";
import type { Sample } from "./sample.ts";

export interface SamplePrograms {
  /** An absolute path: has a folder with a `main.mjs` for each sample of ours. */
  readonly folder: string;
  /** An absolute path: the Node that runs them. */
  readonly node: string;
}

/** Those of OpenFaaS's stack of 2017, the one to try first before the others. */
export function allSamples(programs: SamplePrograms): readonly Sample[] {
  return [...COMMANDS, ...PROGRAMS.map((program) => toSample(program, programs))];
}

/** What every machine has; the image is that of 2017. */
const COMMANDS: readonly Sample[] = [
  {
    name: "echoit",
    description: "Gives the body back",
    image: "functions/alpine:health",
    process: "cat",
  },
  {
    name: "wordcount",
    description: "Counts the lines, words and bytes of the body",
    image: "functions/alpine:health",
    process: "wc",
    labels: { "com.faas.max_replicas": "10" },
  },
  {
    name: "base64",
    description: "Encodes the body as base64",
    image: "functions/alpine:health",
    process: "base64",
  },
  {
    name: "decodebase64",
    description: "Decodes base64",
    image: "functions/alpine:health",
    process: "base64 -d",
  },
];

type Program = Omit<Sample, "image" | "process">;

const PROGRAMS: readonly Program[] = [
  { name: "nodeinfo", description: "Says what it runs on; all of it for the body verbose" },
  {
    name: "markdown",
    description: "Makes HTML of Markdown",
    environment: { content_type: "text/html; charset=utf-8" },
  },
  { name: "webhookstash", description: "Keeps the body in a file of its own, and names it" },
  {
    name: "hubstats",
    description: "Counts the repositories of a user of the Docker Hub. Needs the network",
    // Goes through `https_proxy` where a user sets it.
    environment: { NODE_USE_ENV_PROXY: "1" },
  },
];

/** With the gateway's own Node: the machine's may be too old, or not there. */
function toSample(program: Program, { folder, node }: SamplePrograms): Sample {
  return {
    ...program,
    image: join(folder, program.name),
    process: `${basename(node)} main.mjs`,
    environment: { PATH: dirname(node), ...program.environment },
  };
}
