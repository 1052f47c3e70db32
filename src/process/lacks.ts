import type { Lack } from "./run.ts";

const WORDS: Readonly<Record<Lack, string>> = {
  environmentBytes: "bytes that are no UTF-8 in variables and arguments",
  reapsOrphans: "waiting for orphans",
  findsEscapees: "ending what leaves its process group",
  bill: "CPU time and peak memory",
  stdinByPath: "/dev/stdin and /dev/stdout by path",
  resourceLimits: "resource limits",
  coreDumpFlag: "whether a core was dumped",
  closesDescriptors: "keeping descriptors that Node itself inherited from the processes",
  outputOrder: "the exact order of stdout and stderr where they are combined",
  execFormatError: "refusing a file that is neither program nor script with #!",
  diesWithWatchdog: "ending all processes when Node is killed",
};

/** What is missing, in words. */
export const describeLacks = (lacks: readonly Lack[]): string =>
  lacks.map((lack) => WORDS[lack]).join("; ");
