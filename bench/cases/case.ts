import type { Row, Values } from "../report/row.ts";
import type { Environment, Server } from "../server/server.ts";

/** Something that is measured at one server at a time, ours and a peer's in turn. */
export interface Case {
  readonly name: string;
  /** Whom it is compared with: a peer by its name, or ours with other variables. */
  readonly peer: PeerName | OursOtherwise;
  /** What is measured, where that is not the watchdog. */
  readonly ours?: readonly string[];
  readonly rows: readonly Row[];
  /** The servers' variables; of a function that serves HTTP, for the port that it is to listen on. */
  readonly environment: Environment;
  /** What the servers pass requests on to; it is told the port to listen on. */
  readonly upstream?: (port: number) => readonly string[];
  /** `true`: each round starts its servers anew; otherwise they live through the case and get a warm-up. */
  readonly freshServers: boolean;
  measure(server: Server, settings: CaseSettings): Promise<Measurement>;
  /** What the same work costs with no HTTP around it: stands in where there is no peer. */
  readonly floor?: (settings: FloorSettings) => Promise<Values>;
}

/** Something that is measured at ours alone, once. */
export interface SoloCase {
  readonly name: string;
  readonly rows: readonly Row[];
  measureOurs(command: readonly string[], settings: SoloSettings): Promise<Measurement>;
}

export interface SoloSettings {
  /** How many requests a soak sends. */
  readonly requests: number;
  report(line: string): void;
}

interface OursOtherwise {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
}

export type PeerName = "classic" | "of" | "gateway";

export interface CaseSettings {
  /** How long a closed loop runs. */
  readonly seconds: number;
}

interface FloorSettings extends CaseSettings {
  readonly cpuGroups: boolean;
}

export interface Measurement {
  /** By the rows' names. */
  readonly values: Values;
  /** What a reader of the figures must know: lost bytes, failed requests. */
  readonly notes: readonly string[];
}

/** A function that answers with what it is sent, in the mode of that name. */
export const echo = { fprocess: "cat" } as const;

export const failureNotes = (failures: number): string[] =>
  failures === 0 ? [] : [`${failures} requests failed`];
