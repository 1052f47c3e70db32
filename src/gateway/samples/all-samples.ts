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
  const alpine = { image: "functions/alpine:health" };
  const echoit = { name: "echoit", description: "Gives the body back", process: "cat", ...alpine };
  const wordcount = {
    name: "wordcount",
    description: "Counts the lines, words and bytes of the body",
    process: "wc",
    labels: { "com.faas.max_replicas": "10" },
    ...alpine,
  };
  return [
    echoit,
    ofNode(programs, "nodeinfo", "Says what it runs on; all of it for the body verbose"),
    wordcount,
    { name: "base64", description: "Encodes the body as base64", process: "base64", ...alpine },
    { name: "decodebase64", description: "Decodes base64", process: "base64 -d", ...alpine },
    ofNode(programs, "markdown", "Makes HTML of Markdown", {
      content_type: "text/html; charset=utf-8",
    }),
    ofNode(programs, "webhookstash", "Keeps the body in a file of its own, and names it"),
    ofNode(
      programs,
      "hubstats",
      "Counts the repositories of a user of the Docker Hub. Needs the network",
      // Uses `https_proxy` where a user sets it.
      { NODE_USE_ENV_PROXY: "1" },
    ),
  ];
}

/** The machine's own Node may be too old, or not there. */
function ofNode(
  { folder, node }: SamplePrograms,
  name: string,
  description: string,
  environment: Readonly<Record<string, string>> = {},
): Sample {
  return {
    name,
    description,
    image: join(folder, name),
    process: `${basename(node)} main.mjs`,
    environment: { PATH: dirname(node), ...environment },
  };
}
