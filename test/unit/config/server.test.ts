import fc from "fast-check";
import { describe, test } from "vitest";
import { problemsOf, read } from "./reading.ts";

const MICRO_SECONDS = Buffer.from("1500000\u00b5s").toString("latin1");

describe("timeouts", () => {
  test.for<[string, number]>([
    ["10", 10_000],
    ["60", 60_000],
    ["20s", 20_000],
    ["1m30s", 90_000],
    ["100ms", 100],
    ["0", 0],
    ["0s", 0],
    ["", 30_000],
    [MICRO_SECONDS, 1_500],
    ["1us", 1],
  ])(
    "read_timeout=%s and write_timeout=%s are read as Go reads them",
    ([text, milliseconds], { expect }) => {
      const { config } = read({ read_timeout: text, write_timeout: text });
      expect([config.readTimeoutMs, config.writeTimeoutMs]).toEqual([milliseconds, milliseconds]);
    },
  );

  test("each can be set alone", ({ expect }) => {
    const { config } = read({ mode: "streaming", exec_timeout: "3s" });
    expect([config.readTimeoutMs, config.writeTimeoutMs, config.execTimeoutMs]).toEqual([
      30_000, 30_000, 3_000,
    ]);
  });

  test("an empty exec_timeout is an unset one: off in classic, 30s in the other modes", ({
    expect,
  }) => {
    expect(read({ exec_timeout: "" }).config.execTimeoutMs).toBe(0);
    expect(read({ exec_timeout: "", mode: "serializing" }).config.execTimeoutMs).toBe(30_000);
  });

  test.for(["abc", "5 s", "1d", "-5", "-5s", "1.5", " 5"])(
    "exec_timeout=%s is an error",
    (text, { expect }) => {
      expect(problemsOf({ exec_timeout: text })).toEqual([
        expect.stringMatching(`^exec_timeout: found "${text}", expected a duration`),
      ]);
    },
  );

  test("one that is longer than a timer can run is the longest that can", ({ expect }) => {
    const { config, warnings } = read({ exec_timeout: "1000h" });
    expect(config.execTimeoutMs).toBe(2 ** 31 - 1);
    expect(warnings).toEqual([expect.stringMatching(/^exec_timeout=1000h is longer than a timer/)]);
  });
});

describe("the time of a stop", () => {
  const stop = (variables: Record<string, string>) => {
    const { drainGraceMs, shutdownTimeoutMs } = read(variables).config;
    return { drainGraceMs, shutdownTimeoutMs };
  };

  test("is write_timeout, with five seconds of it before the port closes", ({ expect }) => {
    expect(stop({})).toEqual({ drainGraceMs: 5_000, shutdownTimeoutMs: 30_000 });
    expect(stop({ write_timeout: "2s" })).toEqual({
      drainGraceMs: 2_000,
      shutdownTimeoutMs: 2_000,
    });
  });

  test("is what healthcheck_interval and shutdown_timeout say, however long", ({ expect }) => {
    const variables = { healthcheck_interval: "25s", shutdown_timeout: "1m" };
    expect(stop(variables)).toEqual({ drainGraceMs: 25_000, shutdownTimeoutMs: 60_000 });
  });

  test("G7: healthcheck_interval=0 closes the port at once instead of never", ({ expect }) => {
    expect(stop({ healthcheck_interval: "0" }).drainGraceMs).toBe(0);
  });

  test("G7: write_timeout=0 is no limit and keeps the grace at its usual length", ({ expect }) => {
    expect(stop({ write_timeout: "0" })).toEqual({ drainGraceMs: 5_000, shutdownTimeoutMs: 0 });
  });

  test("an empty healthcheck_interval is an unset one", ({ expect }) => {
    expect(stop({ healthcheck_interval: "" })).toEqual(stop({}));
  });

  test("term_grace=0 stays 0", ({ expect }) => {
    expect(read({ term_grace: "0" }).config.termGraceMs).toBe(0);
    expect(read({ term_grace: "250ms" }).config.termGraceMs).toBe(250);
  });
});

describe("ports", () => {
  test("port=8085 is listened on", ({ expect }) => {
    expect(read({ port: "8085" }).config.port).toBe(8085);
  });

  test.for(["abc", "-1", "65536", "80.5", "0x50", " 80", "1e3"])(
    "G25: port=%s is an error and no other port is taken for it",
    (text, { expect }) => {
      expect(problemsOf({ port: text })).toEqual([
        `port: found "${text}", expected a port, 0 to 65535`,
      ]);
    },
  );

  test("every number up to 65535 is a port", ({ expect }) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65_535 }), (port) => {
        expect(read({ port: String(port), metrics_port: "0" }).config.port).toBe(port);
      }),
    );
  });

  test("PORT counts where port is unset or empty", ({ expect }) => {
    expect(read({ PORT: "9000" }).config.port).toBe(9000);
    expect(read({ PORT: "9000", port: "" }).config.port).toBe(9000);
    expect(read({ PORT: "9000", mode: "streaming" }).config.port).toBe(9000);
    expect(read({ PORT: "9000", port: "8085" }).config.port).toBe(8085);
    expect(read({ PORT: "" }).config.port).toBe(8080);
  });

  test("a bad PORT is an error where it counts, and nobody's business where it does not", ({
    expect,
  }) => {
    expect(problemsOf({ PORT: "http" })).toEqual([expect.stringMatching(/^PORT: found "http"/)]);
    expect(problemsOf({ PORT: "http", port: "8085" })).toEqual([]);
  });

  test("G29: metrics_port is another port, or 0 for none", ({ expect }) => {
    expect(read({ metrics_port: "9100" }).config.metricsPort).toBe(9100);
    expect(read({ metrics_port: "0" }).config.metricsPort).toBe(0);
  });

  test.for<Record<string, string>>([
    { port: "8081" },
    { metrics_port: "8080" },
    { PORT: "8081", metrics_port: "8081" },
  ])("the same port for requests and metrics is an error: %j", (variables, { expect }) => {
    expect(problemsOf(variables)).toEqual([
      expect.stringMatching(/^metrics_port: found "808\d", which is the port of/),
    ]);
  });

  test("a platform that gives PORT the metrics' port is served there, without metrics", ({
    expect,
  }) => {
    const { config, warnings } = read({ PORT: "8081" });
    expect([config.port, config.metricsPort]).toEqual([8081, 0]);
    expect(warnings).toEqual([expect.stringMatching(/^PORT=8081 is where metrics would be/)]);
  });

  test("a free port for requests and no metrics are no clash", ({ expect }) => {
    expect(problemsOf({ port: "0", metrics_port: "0" })).toEqual([]);
  });
});

describe("host", () => {
  test.for(["0.0.0.0", "127.0.0.1", "::", "::1", "localhost", "my-host.example"])(
    "%s is taken",
    (host, { expect }) => {
      expect(read({ host }).config.host).toBe(host);
    },
  );

  test.for(["[::1]", "a b", "host:80", "-x", "http://x"])("%s is an error", (host, { expect }) => {
    expect(problemsOf({ host })).toEqual([
      `host: found "${host}", expected an IP address or a host name`,
    ]);
  });

  test("an empty one is all interfaces", ({ expect }) => {
    expect(read({ host: "" }).config.host).toBeUndefined();
  });
});
