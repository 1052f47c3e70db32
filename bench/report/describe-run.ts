import type { BenchOptions } from "../options.ts";
import type { CpuGroupAnswer } from "../server/cpu-group.ts";
import type { NetworkAnswer } from "../server/network.ts";
import type { Machine } from "./machine.ts";

/** How the servers of a run were kept apart, or why they were not. */
export interface Isolated {
  readonly cpuGroups: CpuGroupAnswer;
  readonly networks: NetworkAnswer;
}

const fromSource =
  "Ours ran from source: Node reads and strips a file a module at its start. What memory and start are bound to is the built file: `npm run package`, then `--ours dist/linux-x64/fwatchdog`.";

/** What a reader of the table must know to believe it. */
export function describeRun(
  { rounds, seconds, ours }: BenchOptions,
  machine: Machine,
  { cpuGroups, networks }: Isolated,
): string {
  const { commit, node, cores, model, kernel, governor, loadAtStart } = machine;
  return [
    `${rounds} rounds of ${seconds} s, sides in turn; medians, ratios round by round. Ours: \`${ours.join(" ")}\`.`,
    `Commit ${commit}, node ${node}, ${cores} cores (${model}), kernel ${kernel}, governor ${governor}, load ${loadAtStart.toFixed(1)} at start.`,
    cpuGroups.had
      ? `Each server in a CPU cgroup of its own (${cpuGroups.how}), the load outside.`
      : `No CPU cgroups (${cpuGroups.why}): autogroup favours who starts sessions.`,
    networks.had
      ? "Each server in a network of its own."
      : `All servers in one network (${networks.why}).`,
    ...(ours.some((word) => word.endsWith(".ts")) ? [fromSource] : []),
  ].join("\n");
}
