// The cases of the Go watchdogs' own tests of requests that no other file here holds as they stand there, and those that have
// another answer by design. The rest are in classic, classic-failures, health, readiness and metrics-server.
import { describe, test } from "vitest";
import { findFreePort } from "../../../bench/server/free-port.ts";
import { askRaw } from "../../support/raw-http.ts";
import { Fwatchdog } from "../../support/run-fwatchdog.ts";
import { startProxy } from "../../support/scripted-upstream.ts";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const CHUNKED =
  "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nMessage\r\n0\r\n\r\n";
const CUSTOM = "custom-header: value\r\n";

interface EnvironmentCase {
  readonly name: string;
  readonly request: string;
  readonly has: readonly string[];
  /** How no line begins. */
  readonly lacks?: string;
}

const ENVIRONMENTS: readonly EnvironmentCase[] = [
  {
    name: "chunks are a length of -1, and their coding is said",
    request: CHUNKED,
    has: ["Http_ContentLength=-1", "Http_Transfer_Encoding=chunked"],
  },
  {
    name: "an empty body is a length of 0 under both names, and a header is a variable",
    request: toPost("", CUSTOM),
    has: ["Http_ContentLength=0", "Http_Content_Length=0", "Http_Custom_Header=value"],
  },
  {
    name: "a body of four bytes is a length of 4 under both names",
    request: toPost("test", CUSTOM),
    has: ["Http_ContentLength=4", "Http_Content_Length=4", "Http_Custom_Header=value"],
  },
  {
    name: "the host that is asked is said",
    request: toPost("test", "", "/function").replace("Host: x", "Host: gateway"),
    has: ["Http_Host=gateway"],
  },
  {
    name: "no host is no variable",
    request: "POST /function HTTP/1.0\r\nContent-Length: 4\r\n\r\ntest",
    has: ["Http_Path=/function"],
    lacks: "Http_Host",
  },
  {
    name: "the whole path and the query are said",
    request: toPost("", "", "/my/full/path?q=x"),
    has: ["Http_Path=/my/full/path", "Http_Query=q=x"],
  },
];

describe("classic-watchdog's own cases (requesthandler_test)", () => {
  test.for(ENVIRONMENTS)("$name", async ({ request, has, lacks }, { expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "env" });
    const answer = await watchdog.ask(request);
    expect(answer.status).toBe(200);
    expect(answer.header("x-duration-seconds")).toMatch(/^\d+\.\d{6}$/);
    const lines = answer.body.split("\n");
    expect(lines).toEqual(expect.arrayContaining([...has]));
    expect(lines.filter((line) => line.startsWith(lacks ?? "="))).toEqual([]);
  });

  test("with cgi_headers=false there is no Http_ variable, and a duration all the same", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ fprocess: "env", cgi_headers: "false" });
    const answer = await watchdog.post("", CUSTOM);
    expect(answer.status).toBe(200);
    expect(answer.body).not.toMatch(/^Http_/im);
    expect(answer.header("x-duration-seconds")).toMatch(/^\d+\.\d{6}$/);
  });

  test("with combine_output=true `stat x` says on 500 why, and nothing of it is in the log", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ fprocess: "stat x", combine_output: "true" });
    const answer = await watchdog.post("");
    expect(answer.status).toBe(500);
    expect(answer.body).toMatch(/^exit status 1\n.*No such file or directory\n$/);
    expect(watchdog.telemetry.errorOutput).toBe("");
  });

  test("UNKNOWN is 405, and a GET without a body is 200", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "date" });
    expect((await watchdog.ask(toGet().replace("GET", "UNKNOWN"))).status).toBe(405);
    expect((await watchdog.ask(toGet())).status).toBe(200);
  });
});

test("both watchdogs' own case (metrics_test): /metrics is 200 on the port that was asked for, with something in it", async ({
  expect,
}) => {
  const { port, metricsPort } = await startWithMetrics();
  await askRaw(port, toPost("hello"));
  await until("the count", async () => {
    const { status, body } = await askRaw(metricsPort, toGet("/metrics"));
    expect(status).toBe(200);
    return body.includes('\nhttp_requests_total{code="200",method="post"} 1\n');
  });
});

/** The program itself, since a test's telemetry has no metrics; again where somebody else has taken the port meanwhile. */
async function startWithMetrics(): Promise<{ port: number; metricsPort: number }> {
  const metricsPort = await findFreePort();
  const watchdog = new Fwatchdog({ fprocess: "cat", metrics_port: String(metricsPort) });
  try {
    return { port: await watchdog.port(), metricsPort };
  } catch (error) {
    if (watchdog.stderr.includes("something else listens there")) return startWithMetrics();
    throw error;
  }
}

describe("of-watchdog's own cases of X-Timeout in mode=http (http_runner_test)", () => {
  test("one that is higher than exec_timeout leaves exec_timeout", async ({ expect }) => {
    const { watchdog } = await startProxy(() => {}, { exec_timeout: "200ms" });
    expect((await watchdog.ask(toGet("/", "X-Timeout: 1h\r\n"))).status).toBe(504);
  });

  test("where exec_timeout is 0 there is none, whatever the caller says", async ({ expect }) => {
    const { watchdog } = await startProxy(
      // Long after the millisecond that is asked for: a timer for that, if there were one, is before this one.
      ({ socket }) => setTimeout(() => socket.write(toAnswer("text/plain")), 50),
      { exec_timeout: "0" },
    );
    expect((await watchdog.ask(toGet("/", "X-Timeout: 1ms\r\n"))).status).toBe(200);
  });
});

describe("of-watchdog's own table of what is a stream (http_runner_test)", () => {
  // There these headers choose, and any caller could get around exec_timeout with them.
  test.for([
    ["SSE", "Accept: text/event-stream"],
    ["SSE in a list", "Accept: application/json, text/event-stream;q=0.9, text/plain"],
    ["NDJSON", "Accept: application/x-ndjson"],
    ["NDJSON in a list", "Accept: text/plain, application/x-ndjson;q=0.9, application/json;q=0.8"],
    ["a WebSocket", "Upgrade: websocket"],
    ["JSON", "Accept: application/json"],
    ["plain text in a list", "Accept: text/plain, application/json;q=0.9"],
    ["nothing", "X-Nothing: 1"],
    ["another upgrade", "Accept: application/json\r\nUpgrade: h2c"],
    ["NDJSON in capitals", "Accept: APPLICATION/X-NDJSON"],
  ])(
    "G14: whoever asks for %s gets a stream where the answer is one, not because of that",
    async ([, header], { expect }) => {
      const { watchdog } = await startProxy(({ socket }, piece) => {
        socket.write(toAnswer(piece.slice("GET /".length, piece.indexOf(" HTTP"))));
      });
      for (const [type, isStream] of [
        ["application/json", false],
        ["text/event-stream", true],
        ["application/x-ndjson", true],
      ] as const) {
        const answer = await watchdog.ask(toGet(`/${type}`, `${header}\r\n`));
        expect([answer.status, answer.header("content-type")]).toEqual([200, type]);
        // A stream has none, as there.
        expect(answer.header("x-duration-seconds") === undefined).toBe(isStream);
      }
    },
  );
});

describe("of-watchdog's own cases of readiness (readiness_test)", () => {
  test("204 of the upstream's is passed on, which is asked with GET for ready_path and nothing else", async ({
    expect,
  }) => {
    const { watchdog, upstream } = await startProxy(
      ({ socket }) => socket.write("HTTP/1.1 204 No Content\r\n\r\n"),
      { ready_path: "/custom/ready" },
    );
    let status = 503;
    await until("it is known to listen", async () => {
      status = (await fetch(`http://127.0.0.1:${watchdog.port}/_/ready`)).status;
      return status !== 503;
    });
    expect(status).toBe(204);
    const asked = upstream.asked.map(({ received }) => received).join("");
    const lines = asked.split("\r\n").filter((line) => line.endsWith(" HTTP/1.1"));
    expect(new Set(lines)).toEqual(new Set(["GET /custom/ready HTTP/1.1"]));
  });
});

const toAnswer = (type: string) =>
  `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: 2\r\n\r\n{}`;
