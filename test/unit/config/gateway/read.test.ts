import { describe, test } from "vitest";
import { problemsOf, read } from "./reading.ts";

const DEFAULTS = {
  port: 8080,
  host: "127.0.0.1",
  metricsPort: 8082,
  readTimeoutMs: 60_000,
  writeTimeoutMs: 60_000,
  upstreamTimeoutMs: 60_000,
  drainGraceMs: 0,
  shutdownTimeoutMs: 60_000,
  functionDomain: undefined,
  provider: "local",
  dataDirectory: "/home/ann/.local/state/breeze",
  functionNamespace: "openfaas-fn",
  labelsNamespace: false,
  samples: false,
  scaling: "builtin",
  scalingArithmetic: "current",
  scaleFromZero: true,
  queue: { kind: "sqlite" },
  maxAsyncBodyBytes: 64 * 1024 * 1024,
  callback: { networks: [], keyFile: undefined },
  access: {
    basicAuth: undefined,
    secretMountPath: "/run/secrets/",
    isSecretMountPathSet: false,
    alertAuth: "closed",
    hosts: [],
    trustedProxies: [],
  },
  log: { format: "json", access: "notable", writesQuery: false },
};

test("with nothing set, the gateway listens on loopback and keeps its state at home", ({
  expect,
}) => {
  expect(read({})).toEqual({ config: DEFAULTS, warnings: [] });
});

test("a configuration cannot be changed", ({ expect }) => {
  const { config } = read({ trusted_proxies: "10.0.0.0/8" });
  const parts = [config, config.access, config.access.trustedProxies, config.queue];
  expect(parts.every((part) => Object.isFrozen(part))).toBe(true);
});

test("one error names every bad variable, with what it found and what it expected", ({
  expect,
}) => {
  const variables = {
    port: "http",
    host: "a b",
    upstream_timeout: "soon",
    basic_auth: "yes",
    scaling: "always",
    trusted_proxies: "10.0.0.0/8,ten",
    data_dir: "state",
    function_namespace: "Prod",
  };
  expect(problemsOf(variables)).toEqual([
    'port: found "http", expected a port, 0 to 65535',
    'host: found "a b", expected an IP address or a host name',
    expect.stringMatching(/^upstream_timeout: found "soon", expected a duration/),
    'function_namespace: found "Prod", expected small letters, digits and hyphens, at most 63',
    'scaling: found "always", expected one of builtin, alertmanager, both',
    'data_dir: found "state", expected an absolute path',
    'basic_auth: found "yes", expected true or false',
    'trusted_proxies: found "ten", expected a network such as 10.0.0.0/8, fd00::/8 or 192.0.2.7',
  ]);
});

describe("times", () => {
  test("are Go's durations or whole seconds", ({ expect }) => {
    const { config } = read({ read_timeout: "8", write_timeout: "1m30s", upstream_timeout: "5s" });
    expect(config).toMatchObject({
      readTimeoutMs: 8_000,
      writeTimeoutMs: 90_000,
      upstreamTimeoutMs: 5_000,
      shutdownTimeoutMs: 5_000,
    });
  });

  test("of a stop can be set apart", ({ expect }) => {
    const { config } = read({ shutdown_timeout: "3s", drain_grace: "2s" });
    expect([config.shutdownTimeoutMs, config.drainGraceMs]).toEqual([3_000, 2_000]);
  });
});

describe("booleans", () => {
  test.for([
    ["true", true],
    ["1", true],
    ["false", false],
    ["0", false],
    ["", undefined],
  ] as const)(
    "basic_auth=%s is %s: nobody means an open gateway by 1",
    ([text, value], { expect }) => {
      expect(read({ basic_auth: text }).config.access.basicAuth).toBe(value);
    },
  );
});

describe("the folder of the data", () => {
  test.for([
    [{ data_dir: "/var/lib/breeze" }, "/var/lib/breeze"],
    [{ XDG_STATE_HOME: "/state" }, "/state/breeze"],
    [{ XDG_STATE_HOME: "relative" }, "/home/ann/.local/state/breeze"],
    [{ XDG_STATE_HOME: "/state", data_dir: "/d" }, "/d"],
    [{ data_dir: Buffer.from("/größe").toString("latin1") }, "/größe"],
  ] as const)("of %j is %s", ([variables, path], { expect }) => {
    expect(read(variables).config.dataDirectory).toBe(path);
  });

  test("must be named where there is no home", ({ expect }) => {
    expect(problemsOf({ HOME: undefined })).toEqual([
      expect.stringMatching(/^data_dir: is not set, expected a folder/),
    ]);
  });
});

test("the environment of today's stack files starts, and says what it does not use", ({
  expect,
}) => {
  const { config, warnings } = read({
    functions_provider_url: "http://faas-swarm:8080/",
    read_timeout: "5m5s",
    write_timeout: "5m5s",
    upstream_timeout: "5m",
    dnsrr: "true",
    faas_nats_address: "nats",
    faas_nats_port: "4222",
    direct_functions: "true",
    direct_functions_suffix: "",
    basic_auth: "true",
    secret_mount_path: "/run/secrets/",
    scale_from_zero: "true",
    function_namespace: "openfaas-fn",
  });
  expect(config).toMatchObject({ labelsNamespace: true, upstreamTimeoutMs: 300_000 });
  expect(warnings.map((line) => line.split(" ")[0])).toEqual([
    "functions_provider_url",
    "direct_functions",
    "dnsrr",
  ]);
});

test("metrics on the port of requests are an error, for they are there anyway", ({ expect }) => {
  expect(problemsOf({ port: "8082" })).toEqual([
    expect.stringMatching(/^metrics_port: found "8082", which is the port of/),
  ]);
  expect(problemsOf({ port: "0", metrics_port: "0" })).toEqual([]);
});

test("a BREEZE_ name that there is not is a warning", ({ expect }) => {
  expect(read({ BREEZE_PORT: "1" }).warnings).toEqual([
    "BREEZE_PORT: there is no variable of this name",
  ]);
});
