import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { Socket } from "node:net";
import { arch } from "node:os";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import {
  type ConfigFields,
  configFrame,
  type Exited,
  type Frame,
  frame,
  KILL,
  READY,
  readFrames,
  type StartFields,
  startFrame,
} from "./spawner-frames.ts";
import { processesWith } from "./spawner-processes.ts";
import { makeRecord, note, type RunRecord } from "./spawner-run.ts";

export const spawnerPath = (machine: string = arch()) =>
  fileURLToPath(new URL(`../../dist/spawner/linux-${machine}/spawner`, import.meta.url));

export interface DriverOptions {
  /** What runs the spawner, with its arguments, the spawner's path among them. */
  readonly command?: readonly string[];
  /** How it clones: its first argument. */
  readonly mode?: string;
  readonly handleChannel?: boolean;
  /** As which user, for what root is allowed to. */
  readonly uid?: number;
}

/** A spawner and a raw hand at its other end, which knows frames and nothing else. */
export class SpawnerDriver implements AsyncDisposable {
  readonly marker = `BREEZE_SESSION=${randomBytes(8).toString("hex")}`;
  readonly frames: Frame[] = [];
  readonly runs = new Map<number, RunRecord>();
  readonly process: ChildProcess;
  readonly pid: number;
  readonly exit: Promise<{ code: number | null; signal: string | null }>;
  stderr = "";
  #socket: Duplex;
  #rest: Buffer = Buffer.alloc(0);
  #waiting = new Set<() => void>();
  #lastSlot = 0;

  constructor(options: DriverOptions = {}) {
    const [program, ...rest] = options.command ?? [spawnerPath()];
    this.process = spawn(program as string, options.mode ? [...rest, options.mode] : rest, {
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
      stdio: [
        "ignore",
        "inherit",
        "pipe",
        "pipe",
        options.handleChannel === false ? "ignore" : "ipc",
      ],
    });
    this.pid = this.process.pid as number;
    this.exit = new Promise((resolve) => {
      this.process.on("close", (code, signal) => {
        resolve({ code, signal });
        this.#changed();
      });
    });
    this.process.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
      this.#changed();
    });
    this.process.on("message", (message: { id: number; fd: number }, handle) =>
      this.#takeHandle(message, handle),
    );
    this.process.on("error", () => {});
    this.#socket = this.process.stdio[3] as Duplex;
    this.#socket.on("data", (chunk) => this.#read(chunk));
    this.#socket.on("error", () => {});
  }

  configure(fields: ConfigFields): void {
    this.write(configFrame({ marker: this.marker, ...fields }));
  }

  /** A run of its own slot and generation. */
  start(fields: StartFields = {}): RunRecord {
    this.#lastSlot += 1;
    return this.startAs(((1 << 16) | this.#lastSlot) >>> 0, fields);
  }

  startAs(id: number, fields: StartFields = {}): RunRecord {
    const run = makeRecord(id);
    this.runs.set(id, run);
    this.write(startFrame(id, fields));
    return run;
  }

  kill(run: RunRecord, flags = 0): void {
    this.write(frame(KILL, { id: run.id, flags }));
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  stopReading(): void {
    this.#socket.pause();
  }

  readAgain(): void {
    this.#socket.resume();
  }

  endInput(): void {
    this.#socket.end();
  }

  closeSocket(): void {
    this.#socket.destroy();
  }

  async gone(run: RunRecord): Promise<Exited> {
    await this.until(() => run.gone, `run ${run.id} is gone`);
    return run.exited as Exited;
  }

  /** One run from start to GONE. */
  async run(fields: StartFields = {}): Promise<RunRecord & { exited: Exited }> {
    const run = this.start(fields);
    await this.gone(run);
    return run as RunRecord & { exited: Exited };
  }

  async ready(): Promise<Frame> {
    await this.until(() => this.frames.length > 0, "READY");
    return this.frames.find((each) => each.type === READY) as Frame;
  }

  async until(condition: () => boolean, what: string, timeoutMs = 10_000): Promise<void> {
    const late = Date.now() + timeoutMs;
    while (!condition()) {
      if (this.process.exitCode !== null || this.process.signalCode !== null) {
        await this.exit;
        if (condition()) return;
        throw new Error(`the spawner ended before: ${what}; ${this.stderr}`);
      }
      if (Date.now() > late) throw new Error(`never came: ${what}; ${this.stderr}`);
      await this.#change(late - Date.now());
    }
  }

  /** Processes with this driver's marker, zombies not counted. */
  processes(): number[] {
    return processesWith(this.marker);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closeSocket();
    for (const run of this.runs.values())
      for (const handle of run.handles.values()) handle.destroy();
    await this.exit;
  }

  #change(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(timeoutMs, 50));
      this.#waiting.add(done);
    });
  }

  #changed(): void {
    for (const each of this.#waiting) each();
  }

  #read(chunk: Buffer): void {
    const { frames, rest } = readFrames(Buffer.concat([this.#rest, chunk]));
    this.#rest = rest;
    for (const each of frames) {
      this.frames.push(each);
      const run = this.runs.get(each.id);
      if (run) note(run, each);
    }
    this.#changed();
  }

  #takeHandle(message: { id: number; fd: number }, handle: unknown): void {
    const readable = message.fd !== 0;
    const socket = new Socket({ handle, readable, writable: !readable } as object);
    socket.on("error", () => {});
    // A pipe has no half to shut down: its reader sees the end when it is closed.
    socket.on("finish", () => socket.destroy());
    this.runs.get(message.id)?.handles.set(message.fd, socket);
    this.#changed();
  }
}
