import { describe, test } from "vitest";
import type { RawClient } from "../../support/raw-http.ts";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const WAITS = {
  fprocess: "sh -c 'sleep $Http_X_Sleep; cat'",
  fprocess_shell_words: "true",
};
const SLOW = toPost("slow", "X-Sleep: 0.3\r\n");
const MODES = ["classic", "serializing", "streaming"] as const;
const inMode = (mode: string) => (mode === "classic" ? {} : { mode });

/** Statuses and bodies of all answers until the other side closes. */
async function answers(client: RawClient): Promise<(readonly [number, string])[]> {
  const ending = await client.closed();
  const all: (readonly [number, string])[] = [];
  while (client.received !== "") {
    const { status, body } = await client.answer();
    all.push([status, body]);
  }
  if (ending !== "fin") throw new Error("the connection was reset");
  return all;
}

describe("requests that did not wait for answers", () => {
  test("are served one behind the other", async ({ expect }) => {
    const watchdog = await startTestWatchdog(WAITS);
    const client = await watchdog.connect();
    client.send(SLOW + toPost("fast", "X-Sleep: 0\r\n") + toGet("//"));
    const got = [await client.answer(), await client.answer(), await client.answer()];
    expect(got.map(({ body, status }) => [status, body])).toEqual([
      [200, "slow"],
      [200, "fast"],
      [307, '<a href="/">Temporary Redirect</a>.\n\n'],
    ]);
    expect(watchdog.telemetry.invocations.map(({ bytes }) => bytes)).toEqual([4, 4]);
  });

  test("are served in order where hundreds came at once, with one place for all", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat", max_inflight: "1" });
    const client = await watchdog.connect();
    const bodies = Array.from({ length: 300 }, (_, index) => `body ${index}`);
    client.send(bodies.map((body) => toPost(body)).join(""));
    for (const body of bodies) expect((await client.answer()).body).toBe(body);
  });

  test("leave health its place in the row", async ({ expect }) => {
    const watchdog = await startTestWatchdog(WAITS);
    const client = await watchdog.connect();
    client.send(`${SLOW + toGet("/_/health") + toGet("/_/ready")}garbage\r\n\r\n`);
    expect((await answers(client)).map(([status]) => status)).toEqual([200, 200, 200, 400]);
  });
});

describe("a request behind one that takes longer than read_timeout", () => {
  test("has all its time from its own turn on", { timeout: 30_000 }, async ({ expect }) => {
    const whole = "x".repeat(3 << 20);
    const requests = [toPost(whole, "X-Sleep: 0\r\n"), toPost("small", "X-Sleep: 0\r\n")];
    const serve = async (mode: string, request: string, sentBytes: number) => {
      const watchdog = await startTestWatchdog({ ...WAITS, ...inMode(mode), read_timeout: "2s" });
      const client = await watchdog.connect();
      client.send(toPost("first", "X-Sleep: 3\r\n") + request.slice(0, sentBytes));
      const first = await client.answer();
      client.send(request.slice(sentBytes));
      const second = await client.answer();
      return [mode, first.body, second.body.length, second.header("connection")];
    };
    // Sent at once, but more than fits anywhere; without the end of its body; without the end of its head.
    const cases = MODES.flatMap((mode) => [
      serve(mode, requests[0] as string, whole.length),
      serve(mode, requests[1] as string, toPost("", "X-Sleep: 0\r\n").length + 2),
      serve(mode, requests[1] as string, 10),
    ]);
    expect(await Promise.all(cases)).toEqual(
      MODES.flatMap((mode) => [
        [mode, "first", whole.length, undefined],
        [mode, "first", 5, undefined],
        [mode, "first", 5, undefined],
      ]),
    );
  });

  test("is late all the same when it does not come in that time", async ({ expect }) => {
    const statuses = { classic: 400, serializing: 500, streaming: 408 };
    for (const mode of MODES) {
      const watchdog = await startTestWatchdog({
        ...inMode(mode),
        fprocess: "sh -c 'sleep 0.6; wc -c'",
        fprocess_shell_words: "true",
        read_timeout: "300ms",
      });
      const client = await watchdog.connect();
      client.send(toPost("first") + toPost("late").slice(0, -1));
      const [first, late, ...others] = await answers(client);
      expect([mode, first, late?.[0], others]).toEqual([mode, [200, "5\n"], statuses[mode], []]);
    }
  });
});

describe("a request that is refused", () => {
  const refused: Readonly<Record<string, readonly [string, number]>> = {
    "that names two hosts": ["GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400],
    "whose path cannot be decoded": [toGet("/%zz"), 400],
    "that expects miracles": [toGet("/", "Expect: miracles\r\n"), 417],
    "that is none": ["garbage\r\n\r\n", 400],
    "whose method nobody knows": [toGet().replace("GET", "FOO"), 405],
    "with a length and chunks": [toPost("0\r\n\r\n", "Transfer-Encoding: chunked\r\n"), 400],
    "whose chunks are none": [
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      400,
    ],
    "that wants a tunnel": ["CONNECT /a HTTP/1.1\r\nHost: x\r\n\r\n", 405],
  };
  for (const [name, [request, status]] of Object.entries(refused)) {
    test(`${name} has its answer behind those of all that came before, and is the last`, async ({
      expect,
    }) => {
      const watchdog = await startTestWatchdog(WAITS);
      const client = await watchdog.connect();
      client.send(SLOW + toPost("second", "X-Sleep: 0\r\n") + request + toGet("/never"));
      const [first, second, last, ...others] = await answers(client);
      expect([first, second, last?.[0], others]).toEqual([
        [200, "slow"],
        [200, "second"],
        status,
        [],
      ]);
      expect(watchdog.telemetry.invocations.map(({ path }) => path)).not.toContain("/never");
    });
  }

  test("leaves a long answer in front of it whole, and its place free", async ({ expect }) => {
    const watchdog = await startTestWatchdog({
      fprocess: "head -c 20000000 /dev/zero",
      max_inflight: "1",
    });
    for (const request of ["CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n", "garbage\r\n\r\n"]) {
      const client = await watchdog.connect();
      client.send(toGet() + request);
      const [first, second] = await answers(client);
      expect([first?.[0], first?.[1].length, second?.[0]]).toEqual([
        200,
        20_000_000,
        request.startsWith("CONNECT") ? 404 : 400,
      ]);
    }
  });
});

describe("a client that closes its side behind several requests", () => {
  const endings: Readonly<Record<string, readonly [string, number]>> = {
    "has all answers where the last said so": [
      toPost("last", "X-Sleep: 0\r\nConnection: close\r\n"),
      200,
    ],
    "is told of the one that it did not finish": ["GET / HT", 400],
    "is told of the one that is refused": [toGet("/%zz"), 400],
  };
  for (const [name, [request, status]] of Object.entries(endings)) {
    test(`${name}`, async ({ expect }) => {
      const watchdog = await startTestWatchdog(WAITS);
      const client = await watchdog.connect();
      client.send(SLOW + request);
      client.finish();
      expect((await answers(client)).map(([got]) => got)).toEqual([200, status]);
    });
  }

  test("without a word about it has left, and what runs for it ends", async ({ expect }) => {
    const watchdog = await startTestWatchdog(WAITS);
    const client = await watchdog.connect();
    client.send(toPost("slow", "X-Sleep: 20\r\n"));
    await until("it runs", () => watchdog.telemetry.processes === 1);
    client.send(toPost("second", "X-Sleep: 0\r\n"));
    client.finish();
    await until("the record", () => watchdog.telemetry.invocations.length === 1);
    expect(watchdog.telemetry.invocations[0]?.status).toBe(499);
    expect(await answers(client)).toEqual([]);
  });
});
