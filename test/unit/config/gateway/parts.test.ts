import { describe, test } from "vitest";
import { problemsOf, read } from "./reading.ts";

describe("the queue", () => {
  const nats = {
    kind: "nats",
    host: "nats",
    port: 4222,
    channel: "faas-request",
    tls: false,
    credentialsFile: undefined,
    replicas: 1,
  };

  test.for([
    [{}, { kind: "sqlite" }],
    [{ queue: "none" }, { kind: "none" }],
    [{ faas_nats_address: "nats" }, nats],
    [
      { faas_nats_address: "nats", queue: "nats", faas_nats_port: "4223" },
      { ...nats, port: 4223 },
    ],
    [
      { faas_nats_address: "nats", faas_nats_tls: "true", faas_nats_replicas: "3" },
      { ...nats, tls: true, replicas: 3 },
    ],
    [
      { faas_nats_address: "nats", faas_nats_credentials: "nats", secret_mount_path: "/secrets" },
      { ...nats, credentialsFile: "/secrets/nats" },
    ],
    [{ faas_nats_address: "nats", queue: "sqlite" }, { kind: "sqlite" }],
  ] as const)("of %j is %j", ([variables, queue], { expect }) => {
    expect(read(variables).config.queue).toEqual(queue);
  });

  test("queue=nats needs to know where NATS is", ({ expect }) => {
    expect(problemsOf({ queue: "nats" })).toEqual([
      "faas_nats_address: is not set, expected the host of NATS, since queue=nats",
    ]);
  });

  test("is kept by as many servers as can decide, and by no other number", ({ expect }) => {
    expect(problemsOf({ faas_nats_address: "nats", faas_nats_replicas: "2" })).toEqual([
      'faas_nats_replicas: found "2", expected 1, 3 or 5',
    ]);
  });

  test("takes no subject that means others too", ({ expect }) => {
    expect(problemsOf({ faas_nats_channel: "faas.>" })).toEqual([
      expect.stringMatching(/^faas_nats_channel: found "faas\.>"/),
    ]);
  });

  test("T34: signs callbacks with a secret's file, and with no other file", ({ expect }) => {
    const { callback } = read({ callback_key: "hmac", secret_mount_path: "/secrets" }).config;
    expect(callback.keyFile).toBe("/secrets/hmac");
    expect(problemsOf({ callback_key: "../../etc/passwd" })).toEqual([
      expect.stringMatching(/^callback_key: .* expected the name of a file in secret_mount_path$/),
    ]);
  });
});

describe("access", () => {
  test("lists are split at commas, with blanks or without", ({ expect }) => {
    const { access } = read({
      trusted_proxies: "10.0.0.0/8, fd00::/8,192.0.2.7",
      hosts: "Gateway.Example.com , faas.example.com",
    }).config;
    expect(access.hosts).toEqual(["gateway.example.com", "faas.example.com"]);
    expect(access.trustedProxies).toEqual([
      { address: "10.0.0.0", bits: 8, family: "ipv4" },
      { address: "fd00::", bits: 8, family: "ipv6" },
      { address: "192.0.2.7", bits: 32, family: "ipv4" },
    ]);
  });

  test("a host that is an address with a port, or a pattern, is an error", ({ expect }) => {
    expect(problemsOf({ hosts: "a.example:8080,*.example.com" })).toHaveLength(2);
  });

  test("auth_proxy_url is refused: ignoring it would let everybody in", ({ expect }) => {
    expect(problemsOf({ auth_proxy_url: "http://auth:8080/validate" })).toEqual([
      'auth_proxy_url: found "http://auth:8080/validate", which is not in this version: unset it',
    ]);
  });
});
