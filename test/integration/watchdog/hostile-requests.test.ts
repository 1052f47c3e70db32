import { describe, test } from "vitest";
import { AMBIGUOUS_REQUESTS } from "../../support/ambiguous-requests.ts";
import { type StartedWatchdog, startTestWatchdog, toGet } from "../../support/start-watchdog.ts";

const HEAD = "POST / HTTP/1.1\r\nHost: x\r\n";

/** Status and body; and that nothing else comes, since the connection is closed behind it. */
async function refusal(watchdog: StartedWatchdog, request: string) {
  const client = await watchdog.connect();
  client.send(request);
  const { status, body, header } = await client.answer();
  const ending = await client.closed();
  return { status, body, ending, rest: client.received, connection: header("connection") };
}

describe("a request that two servers could take in two ways (T26)", () => {
  for (const [name, request] of Object.entries(AMBIGUOUS_REQUESTS)) {
    for (const mode of ["classic", "serializing", "streaming"]) {
      test(`${name} is refused with 400, and its connection closed, in ${mode}`, async ({
        expect,
      }) => {
        const watchdog = await startTestWatchdog({
          fprocess: "cat",
          ...(mode === "classic" ? {} : { mode }),
        });
        const smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
        const { status, ending, rest, connection } = await refusal(watchdog, request + smuggled);
        expect([status, connection, rest]).toEqual([400, "close", ""]);
        expect(ending).toBe("fin");
        expect(watchdog.telemetry.invocations.map(({ path }) => path)).not.toContain("/smuggled");
      });
    }
  }
});

describe("a path that ends lines or variables (T6)", () => {
  for (const path of ["/a%00b", "/a%0d%0aX:b", "/%0A", "/%zz", "/%", "/%4"]) {
    test(`${path} is refused with 400 before anything starts`, async ({ expect }) => {
      const watchdog = await startTestWatchdog({ fprocess: "env" });
      expect((await refusal(watchdog, toGet(path))).status).toBe(400);
      expect(watchdog.telemetry.processes).toBe(0);
    });
  }

  test("raw control characters and bytes beyond ASCII in the target are refused with 400", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ fprocess: "env" });
    for (const path of ["/a\0b", "/a\x01", "/\xff", "/a b"]) {
      expect((await refusal(watchdog, toGet(path))).status).toBe(400);
    }
  });

  test("escaped bytes beyond ASCII reach the function as they are", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "printenv Http_Path" });
    if (watchdog.processes.lacks.includes("environmentBytes")) return;
    expect((await watchdog.ask(toGet("/a%ff%C3%A9"))).body).toBe("/a\xff\xc3\xa9\n");
  });
});

describe("what is no HTTP of ours", () => {
  const requests: Readonly<Record<string, readonly [string, number]>> = {
    "a TLS greeting": ["\x16\x03\x01\x02\0\x01\0", 400],
    "HTTP/2's preface": ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
    "HTTP/2.0 in words": ["GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505],
    "HTTP/0.9": ["GET /\r\n\r\n", 400],
    "HTTP/1.2": ["GET / HTTP/1.2\r\nHost: x\r\n\r\n", 400],
    garbage: ["hello, is anybody there?\r\n\r\n", 400],
    "a target that is neither path nor address": ["GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400],
    "an unknown expectation": [`${HEAD}Expect: miracles\r\nContent-Length: 1\r\n\r\na`, 417],
  };
  for (const [name, [request, status]] of Object.entries(requests)) {
    test(`${name} is refused with ${status}`, async ({ expect }) => {
      const watchdog = await startTestWatchdog({ fprocess: "cat" });
      expect((await refusal(watchdog, request)).status).toBe(status);
    });
  }
});

describe("large heads (T7)", () => {
  test("headers of 200 KB reach the function", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "env" });
    const headers = Array.from({ length: 20 }, (_, n) => `X-${n}: ${"v".repeat(10_000)}\r\n`);
    const answer = await watchdog.ask(toGet("/", headers.join("")));
    expect(answer.status).toBe(200);
    expect(answer.body).toContain(`Http_X_19=${"v".repeat(10_000)}\n`);
  });

  test("more than a thousand headers reach the function", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "env" });
    const headers = Array.from({ length: 3_000 }, (_, n) => `X-${n}: v\r\n`);
    const answer = await watchdog.ask(toGet("/", headers.join("")));
    expect(answer.body).toContain("Http_X_2999=v\n");
  });

  test("a head with more than 32,768 headers is refused with 431, and one with as many is not", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ fprocess: "true" });
    const most = "a:1\r\n".repeat(32_768 - 1);
    expect((await watchdog.ask(toGet("/", most))).status).toBe(200);
    for (const headers of [`${most}b:1\r\n`, `${most}${most}`]) {
      expect((await refusal(watchdog, toGet("/", headers))).status).toBe(431);
    }
    expect(watchdog.telemetry.processes).toBe(1);
  });

  test("a head beyond 1 MiB is refused with 431", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    const request = toGet("/", `X-A: ${"a".repeat(1_100_000)}\r\n`);
    expect((await refusal(watchdog, request)).status).toBe(431);
  });

  test("one variable beyond 128 KiB is refused with 431, and starts nothing", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ fprocess: "true" });
    const variable = "Http_X_A=".length;
    const fits = await watchdog.ask(toGet("/", `X-A: ${"a".repeat(131_071 - variable)}\r\n`));
    expect(fits.status).toBe(200);
    const over = await watchdog.ask(toGet("/", `X-A: ${"a".repeat(131_072 - variable)}\r\n`));
    expect(over.status).toBe(431);
    expect(over.header("x-breeze-outcome")).toBe("refused");
    expect(watchdog.telemetry.processes).toBe(1);
  });
});
