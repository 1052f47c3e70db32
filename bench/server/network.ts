import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * A network of its own for one server and those who talk to it: the peers' metrics port is fixed, so two of them cannot
 * live in one network.
 */
export interface Network {
  /** Goes before a command so that it runs inside. */
  readonly enter: readonly string[];
  remove(): void;
}

export type NetworkAnswer = { readonly had: true } | { readonly had: false; readonly why: string };

/** Whether this machine lets us make network namespaces. */
export function tryNetworks(): NetworkAnswer {
  try {
    const network = createNetwork(`breeze-bench-${process.pid}-try`);
    try {
      run([...network.enter, "true"]);
    } finally {
      network.remove();
    }
    return { had: true };
  } catch (error) {
    return { had: false, why: (error as Error).message.trim().replaceAll("\n", "; ") };
  }
}

export function createNetwork(name: string): Network {
  run(["ip", "netns", "add", name]);
  run(["ip", "-n", name, "link", "set", "lo", "up"]);
  const file = ["/run/netns", "/var/run/netns"]
    .map((folder) => `${folder}/${name}`)
    .find(existsSync);
  return {
    // Not `ip netns exec`: that mounts another /sys, without the cgroups.
    enter: ["nsenter", `--net=${file}`],
    remove: () => run(["ip", "netns", "delete", name]),
  };
}

/** The network we are in already. */
export const sharedNetwork: Network = { enter: [], remove: () => {} };

function run([program = "", ...args]: readonly string[]): void {
  execFileSync(program, args, { stdio: ["ignore", "ignore", "pipe"] });
}
