import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** One process as /proc shows it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** The letter of proc(5): `Z` is a zombie. */
  readonly state: string;
  readonly name: string;
}

/** All processes of the machine. One that ends meanwhile is left out. */
export function listProcesses(): ProcessEntry[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((entry) => entry !== undefined);
}

/** The process and all that descends from it, itself first. */
export function listFamily(pid: number): ProcessEntry[] {
  const all = listProcesses();
  const family = all.filter((entry) => entry.pid === pid);
  for (const member of family) {
    family.push(...all.filter(({ parent }) => parent === member.pid));
  }
  return family;
}

/** The name in a stat line may hold anything, `)` too: it ends at the last one. */
function readProcess(pid: number): ProcessEntry | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const nameEnd = stat.lastIndexOf(")");
  const [state = "", parent] = stat.slice(nameEnd + 2).split(" ", 2);
  return { pid, parent: Number(parent), state, name: stat.slice(stat.indexOf("(") + 1, nameEnd) };
}

/** CPU time of the processes, all their threads, in milliseconds; that of their children is not in it. */
export function readCpuMs(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const stat = readText(`/proc/${pid}/stat`) ?? "";
    const [user, system] = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .slice(11, 13);
    return Number(user) + Number(system);
  });
  // USER_HZ is 100 on every architecture that Node runs on.
  return ticks.reduce((sum, value) => sum + value, 0) * 10;
}

/** How many descriptors the process has open. The spawner's first thread has none: its table is another's. */
export function countDescriptors(pid: number): number {
  return Math.max(...descriptorFolders(pid).map((folder) => readdirSync(folder).length));
}

/** What the open descriptors are, to find the one that leaks. */
export function describeDescriptors(pid: number): string[] {
  return descriptorFolders(pid).flatMap((folder) =>
    readdirSync(folder).map((fd) => `${fd}: ${readTarget(`${folder}/${fd}`)}`),
  );
}

function descriptorFolders(pid: number): string[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}/fd`);
}

function readTarget(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return "closed meanwhile";
  }
}

/** Processes whose environment or command line holds the text. */
export function findProcesses(text: string): ProcessEntry[] {
  return listProcesses().filter(({ pid }) =>
    ["environ", "cmdline"].some((file) => readText(`/proc/${pid}/${file}`)?.includes(text)),
  );
}

/** Ends what `findProcesses` finds. */
export function killProcesses(text: string): void {
  for (const { pid } of findProcesses(text)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Ended meanwhile.
    }
  }
}

/** Whether a socket listens on the port in the process's network. */
export function listensOn(pid: number, port: number): boolean {
  const address = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return ["tcp", "tcp6"].some((file) =>
    (readText(`/proc/${pid}/net/${file}`) ?? "").split("\n").some((line) => {
      const [, local = "", , state] = line.trim().split(/\s+/);
      return state === "0A" && local.endsWith(address);
    }),
  );
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
