import { describe, test } from "vitest";
import { readWatchdogConfig } from "../../../src/config/read.ts";
import { logStart, type Started } from "../../../src/watchdog/start-lines.ts";
import type { Telemetry } from "../../../src/watchdog/telemetry.ts";

type Info = Parameters<Telemetry["info"]>;

function said(
  variables: Readonly<Record<string, string>>,
  differences: Partial<Started> = {},
): Info[] {
  const lines: Info[] = [];
  const { config } = readWatchdogConfig({ fprocess: "cat -n", ...variables });
  const started: Started = {
    version: { version: "1.2.3", sha: "abc" },
    port: 8080,
    metricsPort: 8081,
    lockPath: "/tmp/.lock",
    saysWhatToTry: false,
    ...differences,
  };
  logStart({ info: (...line: Info) => lines.push(line) } as unknown as Telemetry, config, started);
  return lines;
}

const texts = (...given: Parameters<typeof said>) => said(...given).map(([text]) => text);

describe("at the start, with log_format=text", () => {
  test("classic says its lines in its order", ({ expect }) => {
    const variables = { log_format: "text", write_timeout: "90", healthcheck_interval: "1500ms" };
    expect(texts(variables)).toEqual([
      "Version: 1.2.3\tSHA: abc",
      "Timeouts: read: 30s write: 1m30s hard: 0s health: 1.5s.",
      "Listening on port: 8080",
      "Writing lock-file to: /tmp/.lock",
      "Metrics listening on port: 8081",
    ]);
  });

  test("of-watchdog's modes are named, with the program", ({ expect }) => {
    expect(texts({ log_format: "text", mode: "streaming" }).slice(1, 3)).toEqual([
      'Watchdog mode: streaming\tfprocess: "cat -n"',
      "Timeouts: read: 30s write: 30s hard: 30s health: 5s",
    ]);
  });

  test("of-watchdog's modes say that tokens are asked for", ({ expect }) => {
    const named = { jwt_auth: "true", OPENFAAS_NAME: "fn", OPENFAAS_NAMESPACE: "ns" };
    const line = "JWT Auth: true";
    expect(texts({ ...named, log_format: "text", mode: "streaming" })[3]).toBe(line);
    expect(texts({ ...named, log_format: "text" })).not.toContain(line);
    expect(said(named)[0]?.[1]).toMatchObject({ jwtAuth: true });
  });

  test("what is off is not said to be on: metrics, the lock file", ({ expect }) => {
    const lines = texts({ log_format: "text" }, { metricsPort: undefined, lockPath: undefined });
    expect(lines).toHaveLength(4);
    expect(lines.join("\n")).not.toMatch(/Metrics|Writing/);
    expect(lines.at(-1)).toContain("suppress_lock");
  });
});

test("with log_format=json all of it is one line", ({ expect }) => {
  expect(said({ fprocess: "gr\xc3\xbcn" })).toEqual([
    [
      "started",
      {
        version: "1.2.3",
        sha: "abc",
        mode: "classic",
        fprocess: "grün",
        port: 8080,
        metricsPort: 8081,
        lock: "/tmp/.lock",
        readTimeout: "30s",
        writeTimeout: "30s",
        execTimeout: "0s",
        drainGrace: "5s",
        shutdownTimeout: "30s",
      },
    ],
  ]);
});

describe("a person at a terminal gets the command to try", () => {
  test("with the port that the system has chosen", ({ expect }) => {
    expect(texts({}, { saysWhatToTry: true, port: 4711 }).at(-1)).toBe(
      "Try: curl -d hello http://127.0.0.1:4711/",
    );
  });

  test.for([
    ["0.0.0.0", "127.0.0.1"],
    ["::", "127.0.0.1"],
    ["::1", "[::1]"],
    ["localhost", "localhost"],
  ] as const)("with host=%s at %s", ([host, address], { expect }) => {
    expect(texts({ host }, { saysWhatToTry: true }).at(-1)).toBe(
      `Try: curl -d hello http://${address}:8080/`,
    );
  });
});
