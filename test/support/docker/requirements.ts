import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Commands, and the packages of Debian that have them. */
const commands = {
  docker: "docker.io",
  dockerd: "docker.io",
  ip: "iproute2",
  setpriv: "util-linux",
  mmdebstrap: "mmdebstrap",
  busybox: "busybox-static",
  "apt-get": "apt",
};

/** Why there can be no engine here, or undefined. */
export function noEngineReason(): string | undefined {
  if (process.platform !== "linux") return "containers need Linux";
  if (process.getuid?.() !== 0) return "an engine of the tests' own needs root";
  if (!existsSync("/sys/fs/cgroup/memory") && !existsSync("/sys/fs/cgroup/cgroup.controllers")) {
    return "there are no cgroups here";
  }
  const missing = Object.entries(commands).filter(([command]) => !isInstalled(command));
  if (missing.length === 0) return undefined;
  const packages = new Set(missing.map(([, name]) => name));
  return `${missing.map(([command]) => command).join(", ")} missing: apt-get install ${[...packages].join(" ")}`;
}

export function isInstalled(command: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v "$1"`, "sh", command], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
