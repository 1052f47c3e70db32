import { type ChildProcess, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Server } from "../server/server.ts";

/** A program that talks to the server, in the server's network and outside of its cgroup. */
export interface Program {
  /** Everything it printed, once it has ended. */
  readonly output: Promise<string>;
  /** TERM: the programs of this folder then print what they have and end. */
  stop(): void;
}

export function startProgram(server: Pick<Server, "enter">, command: readonly string[]): Program {
  const [program = "", ...args] = [...server.enter, ...command];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  return { output: collect(child, command), stop: () => child.kill("SIGTERM") };
}

/** The command that runs a TypeScript file of this folder. */
export function nodeCommand(file: string, options: Readonly<Record<string, unknown>>): string[] {
  const path = fileURLToPath(new URL(file, import.meta.url));
  return [process.execPath, path, JSON.stringify(options)];
}

async function collect(child: ChildProcess, command: readonly string[]): Promise<string> {
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const output = child.stdout === null ? "" : await text(child.stdout);
  const exitCode = await ended;
  if (exitCode !== 0) throw new Error(`${command[0]} ended with ${exitCode}: ${output}`);
  return output;
}
