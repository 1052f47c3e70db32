import { readFileSync } from "node:fs";
import { reveal } from "./hidden-variables.ts";
import { receiveReady } from "./spawner/receive-ready.ts";

/** What Node's IPC leaves in the environment of a child; no function has such a channel. */
const CHANNEL_VARIABLES = /^NODE_CHANNEL_(FD|SERIALIZATION_MODE)=/;

/** The environment that this program and its functions were given, as bytes. */
export interface Environment {
  /** `NAME=value`; one character is one byte (latin1). */
  readonly strings: readonly string[];
  /** The same by name. Where a name comes twice, the first counts. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** In the image: the spawner's control socket. */
  readonly spawnerDescriptor: number | undefined;
}

/**
 * Reads it where it is true: in the image from the spawner, because Node's own is filtered; elsewhere from the kernel,
 * because `process.env` (given) has already replaced what is no UTF-8; where neither is, from `process.env`.
 */
export function readEnvironment(given: Readonly<Record<string, string | undefined>>): Environment {
  const descriptor = given.BREEZE_SPAWNER_FD;
  if (descriptor !== undefined) {
    const spawnerDescriptor = Number(descriptor);
    return toEnvironment(receiveReady(spawnerDescriptor), spawnerDescriptor);
  }
  return toEnvironment(readOwnEnvironment() ?? encode(given), undefined);
}

function readOwnEnvironment(): string[] | undefined {
  try {
    return readFileSync("/proc/self/environ", "latin1").split("\0").slice(0, -1);
  } catch {
    return undefined;
  }
}

function encode(given: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(given).map(([name, value]) =>
    Buffer.from(`${name}=${value ?? ""}`).toString("latin1"),
  );
}

function toEnvironment(all: readonly string[], spawnerDescriptor: number | undefined): Environment {
  const strings = all.filter((text) => !CHANNEL_VARIABLES.test(text)).map(reveal);
  const variables: Record<string, string> = Object.create(null);
  for (const text of strings) {
    const equals = text.indexOf("=");
    if (equals > 0) {
      variables[text.slice(0, equals)] ??= text.slice(equals + 1);
    }
  }
  return { strings, variables, spawnerDescriptor };
}
