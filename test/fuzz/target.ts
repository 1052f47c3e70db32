import type { Random } from "../../bench/soak/random.ts";
import type { Heard } from "./check-answers.ts";

/** A server that is fuzzed, and how one sees what is wrong with it. All faults are in words. */
export interface FuzzTarget {
  readonly port: number;
  /** What the next client says; one character is one byte. */
  draw(random: Random): string;
  /** What is wrong with what came back to it. Begins with `cut`: more would have to come. */
  findFault(sent: string, heard: Heard): string | undefined;
  /** What is wrong with how it serves somebody who means well, in between. */
  findFailure(): Promise<string | undefined>;
  /** Looks how much there is of everything while nobody asks. */
  look(): Promise<void>;
  /** What is more by now than when it was looked at, or otherwise than it must be. */
  findLeftovers(): Promise<string[]>;
  /** Ends it; what is wrong with how it ended. */
  stop(): Promise<string | undefined>;
}
