import { describe, test } from "vitest";
import { problemsOf, read } from "./reading.ts";

const http = (variables: Record<string, string>) => ({ mode: "http", ...variables });
const addressOf = (url: string) => read(http({ upstream_url: url })).config.upstream?.address;

describe("upstream_url", () => {
  test("is host, port and a path without a slash at its end, or a socket's file", ({ expect }) => {
    const tcp = { socketPath: undefined, basePath: "" };
    expect(addressOf("http://127.0.0.1:3000")).toEqual({ ...tcp, host: "127.0.0.1", port: 3000 });
    expect(addressOf("http://localhost/a%2Fb//")).toEqual({
      ...tcp,
      host: "localhost",
      port: 80,
      basePath: "/a%2Fb",
    });
    expect(addressOf("http://[::1]:81/")).toEqual({ ...tcp, host: "::1", port: 81 });
    const unix = { host: "", port: 0, basePath: "" };
    expect(addressOf("unix:/run/f.sock")).toEqual({ ...unix, socketPath: "/run/f.sock" });
    expect(addressOf("unix:///run/\xc3\xa9")).toEqual({ ...unix, socketPath: "/run/é" });
  });

  test.for([
    "",
    "127.0.0.1:3000",
    "https://x:1",
    "http://u:p@x:1",
    "http://x:0",
    "http://x:65536",
    "http://x/?q",
    "http://x/a b",
    "unix:relative",
  ])("cannot be %j", (url, { expect }) => {
    expect(problemsOf(http({ upstream_url: url }))).toEqual([
      expect.stringMatching(/^upstream_url: .*expected where the program listens/),
    ]);
  });

  test("cannot be a socket whose path is longer than the system's 107 bytes", ({ expect }) => {
    const longest = `unix:/${"\xc3\xa9".repeat(53)}`;
    expect(addressOf(longest)?.socketPath).toHaveLength(54);
    expect(problemsOf(http({ upstream_url: `${longest}x` }))).toEqual([
      expect.stringMatching(/^upstream_url: .*expected a socket path of at most 107 bytes/),
    ]);
  });

  test("is asked for in no other mode, and http_upstream_url wins over it", ({ expect }) => {
    expect(read({ upstream_url: "nonsense" }).config.upstream).toBeUndefined();
    const { config } = read(http({ upstream_url: "http://a:1", http_upstream_url: "http://b:2" }));
    expect(config.upstream?.address.host).toBe("b");
  });
});

test("mode=http has of-watchdog's defaults, and limits of its own for streams", ({ expect }) => {
  const { config } = read(http({ upstream_url: "http://x:1" }));
  expect(config).toMatchObject({ execTimeoutMs: 30_000, combineOutput: false });
  expect(config.maxOutputBytes).toBeUndefined();
  expect(config.upstream).toMatchObject({
    buffersBody: false,
    streamIdleMs: 300_000,
    streamLimitMs: 0,
  });
});

test("http_buffer_req_body and buffer_http are the same, with true or 1", ({ expect }) => {
  for (const name of ["http_buffer_req_body", "buffer_http"]) {
    for (const value of ["true", "1"]) {
      const { config } = read(http({ upstream_url: "http://x:1", [name]: value }));
      expect(config.upstream?.buffersBody).toBe(true);
    }
  }
});

test("PORT is the program's own in mode=http", ({ expect }) => {
  const { config } = read(http({ upstream_url: "http://x:1", PORT: "3000" }));
  expect(config.port).toBe(8080);
});
