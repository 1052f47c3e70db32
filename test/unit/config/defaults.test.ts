import { describe, test } from "vitest";
import { readWatchdogConfig } from "../../../src/config/read.ts";
import { parseValue } from "../../../src/config/value.ts";
import { defaultText, MODES } from "../../../src/config/variable.ts";
import { variableEntries } from "../../../src/config/variables.ts";
import { read } from "./reading.ts";

const COMMON = {
  command: ["cat"],
  port: 8080,
  metricsPort: 8081,
  host: undefined,
  readTimeoutMs: 30_000,
  writeTimeoutMs: 30_000,
  drainGraceMs: 5_000,
  shutdownTimeoutMs: 30_000,
  termGraceMs: 1_000,
  cgiHeaders: true,
  marshalRequest: false,
  writeDebug: false,
  debugHeaders: false,
  suppressLock: false,
  serverTiming: false,
  maxInflight: 0,
  answerHead: { controlDescriptor: false, exitCodes: new Map() },
  queue: { max: 0, timeoutMs: 10_000, fairBy: undefined },
  maxBodyBytes: undefined,
  daemons: "kill",
  cgroups: "off",
  cancelOnDisconnect: true,
  compat: "none",
  logFormat: "json",
  prefixLogs: true,
  logBufferBytes: 65_536,
  logCallId: false,
  readyPath: undefined,
  temporaryDirectory: "/tmp",
};
const ONE_GIB = 1_073_741_824;

describe("with nothing but a program", () => {
  test("all is as in classic-watchdog: no exec_timeout, stderr in the answer", ({ expect }) => {
    expect(read({})).toEqual({
      config: {
        ...COMMON,
        mode: "classic",
        execTimeoutMs: 0,
        combineOutput: true,
        contentType: undefined,
        maxOutputBytes: ONE_GIB,
      },
      warnings: [],
      strict: true,
    });
  });

  test("and mode=streaming, all is as in of-watchdog: 30s, octet-stream, stderr in the log", ({
    expect,
  }) => {
    expect(read({ mode: "streaming" }).config).toEqual({
      ...COMMON,
      mode: "streaming",
      execTimeoutMs: 30_000,
      combineOutput: false,
      contentType: "application/octet-stream",
      maxOutputBytes: undefined,
    });
  });

  test("and mode=serializing, the output is bounded besides, since it is buffered", ({
    expect,
  }) => {
    expect(read({ mode: "serializing" }).config).toEqual({
      ...COMMON,
      mode: "serializing",
      execTimeoutMs: 30_000,
      combineOutput: false,
      contentType: "application/octet-stream",
      maxOutputBytes: ONE_GIB,
    });
  });

  test("mode=classic and an empty mode are the same as none", ({ expect }) => {
    expect(read({ mode: "classic" })).toEqual(read({}));
    expect(read({ mode: "" })).toEqual(read({}));
  });
});

test("a configuration cannot be changed", ({ expect }) => {
  const { config } = read({});
  expect(Object.isFrozen(config) && Object.isFrozen(config.command)).toBe(true);
});

test("reading changes nothing and keeps nothing: the same environment gives the same", ({
  expect,
}) => {
  const environment = Object.freeze({ fprocess: "cat", exec_timeout: "3s" });
  expect(readWatchdogConfig(environment)).toEqual(readWatchdogConfig(environment));
});

describe("the definition", () => {
  test("has defaults that its own reader takes", ({ expect }) => {
    for (const [name, variable] of variableEntries) {
      for (const mode of MODES) {
        const text = defaultText(variable, mode);
        if (text === undefined) continue;
        expect(parseValue(variable.kind, text, variable, mode), name).toHaveProperty("value");
      }
    }
  });

  test("says what an unset variable stands for wherever there is no default", ({ expect }) => {
    const silent = variableEntries.filter(
      ([, variable]) =>
        variable.refusedSince === undefined &&
        variable.unset === undefined &&
        MODES.some((mode) => defaultText(variable, mode) === undefined),
    );
    expect(silent).toEqual([]);
  });

  test("holds every variable that is read, and every one of this version's is read", ({
    expect,
  }) => {
    const asked = new Set<string>();
    const ask = (environment: Record<string, string>) => {
      readWatchdogConfig(
        new Proxy(environment, {
          get: (target, name) => {
            asked.add(String(name));
            return Reflect.get(target, name) as string | undefined;
          },
        }),
      );
    };
    const named = { OPENFAAS_NAME: "fn", OPENFAAS_NAMESPACE: "ns", upstream_url: "http://x" };
    for (const mode of MODES) ask({ mode, fprocess: "cat", jwt_auth: "true", ...named });
    asked.delete("FPROCESS"); // asked for a hint only
    const used = variableEntries
      .filter(([, { modes, refusedSince }]) => refusedSince === undefined && modes?.length !== 0)
      .filter(([, { modes }]) => MODES.some((mode) => modes?.includes(mode) ?? true));
    expect([...asked].toSorted()).toEqual(used.map(([name]) => name).toSorted());
  });
});
