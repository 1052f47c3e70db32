import { describe, test } from "vitest";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";

const shell = (script: string) => ({
  fprocess: `sh -c '${script}'`,
  fprocess_shell_words: "true",
});

describe("a function that exits with 0", () => {
  test("answers 200 with its output, its length and how long it took", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    const answer = await watchdog.post("hello world");
    expect(answer.status).toBe(200);
    expect(answer.body).toBe("hello world");
    expect(answer.header("content-length")).toBe("11");
    expect(answer.header("x-duration-seconds")).toMatch(/^\d+\.\d{6}$/);
    expect(answer.header("x-breeze-outcome")).toBeUndefined();
  });

  test("gets the body of POST, PUT, PATCH, DELETE and GET", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "GET"]) {
      const answer = await watchdog.ask(toPost("data").replace("POST", method));
      expect([method, answer.status, answer.body]).toEqual([method, 200, "data"]);
    }
  });

  test("answers a GET without a body with an empty one and no type", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.body]).toEqual([200, ""]);
    expect(answer.header("content-type")).toBeUndefined();
  });

  test("is given the arguments as they stand between single spaces, empty ones too", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ fprocess: "printf [%s] a  b " });
    expect((await watchdog.ask(toGet())).body).toBe("[a][][b][]");
  });

  test("need not read its input, however long (T15)", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "true" });
    const answer = await watchdog.post("x".repeat(10_000_000));
    expect([answer.status, answer.body]).toEqual([200, ""]);
  });

  test("gives back large bodies byte by byte, known length or chunked (G20)", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    for (const size of [65_536, 65_537, 1_048_576, 5_000_001]) {
      const body = Buffer.alloc(size, "0123456789abcdef\xff", "latin1").toString("latin1");
      expect((await watchdog.post(body)).body === body).toBe(true);
      const chunked = await watchdog.ask(
        `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${size.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
      );
      expect(chunked.body === body).toBe(true);
    }
  });
});

describe("the type of an answer", () => {
  test("is that of the request where nothing is configured", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    const answer = await watchdog.post("{}", "Content-Type: application/json\r\n");
    expect(answer.header("content-type")).toBe("application/json");
  });

  test("is looked for in the bytes where the request has none", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    const typeOf = async (body: string) => (await watchdog.post(body)).header("content-type");
    expect(await typeOf("hello")).toBe("text/plain; charset=utf-8");
    expect(await typeOf("<html><body>")).toBe("text/html; charset=utf-8");
    expect(await typeOf("\x89PNG\r\n\x1a\n")).toBe("image/png");
    expect(await typeOf("\x00\x01")).toBe("application/octet-stream");
  });

  test("is what content_type says, but not for a failure", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ ...shell("cat; exit 3"), content_type: "a/b" });
    const answer = await watchdog.post("hello", "Content-Type: c/d\r\n");
    expect(answer.header("content-type")).toBe("text/plain; charset=utf-8");
    const fine = await startTestWatchdog({ fprocess: "cat", content_type: "a/b" });
    const success = await fine.post("hello", "Content-Type: c/d\r\n");
    expect(success.header("content-type")).toBe("a/b");
  });
});

describe("a method that no function is asked with", () => {
  test("is refused with 405 and an empty body, and starts nothing (P6)", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    for (const method of ["OPTIONS", "TRACE", "PROPFIND", "UPDATE", "FOO", "get"]) {
      const answer = await watchdog.ask(toGet().replace("GET", method));
      expect([method, answer.status, answer.body]).toEqual([method, 405, ""]);
    }
    expect(watchdog.telemetry.processes).toBe(0);
  });
});

describe("marshal_request", () => {
  test("gives the function headers and body as one JSON object", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat", marshal_request: "true" });
    const answer = await watchdog.post("hello", "x-b: 2\r\nX-A: <1>\r\nX-A: 3\r\n");
    expect(answer.body).toBe(
      '{"header":{"Content-Length":["5"],"X-A":["\\u003c1\\u003e","3"],"X-B":["2"]},"body":{"raw":"aGVsbG8="}}',
    );
  });

  test("does so for a body of any size", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat", marshal_request: "true" });
    for (const size of [0, 60_000, 2_000_001]) {
      const body = "x".repeat(size);
      const { body: json } = await watchdog.post(body);
      expect(Buffer.from(JSON.parse(json).body.raw, "base64").toString() === body).toBe(true);
    }
  });

  test("starts nothing on a body that turns out short (G22)", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat", marshal_request: "true" });
    const client = await watchdog.connect();
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    client.finish();
    const answer = await client.answer();
    expect([answer.status, answer.body]).toEqual([400, "unexpected EOF\n"]);
    expect(watchdog.telemetry.processes).toBe(0);
  });
});

test("a value of a header is data, whatever a shell would see in it (T2, P2)", async ({
  expect,
}) => {
  const watchdog = await startTestWatchdog({ fprocess: "bash -c env" });
  const { body } = await watchdog.ask(toGet("/", "User-Agent: () { :;}; echo vulnerable\r\n"));
  expect(body).toContain("Http_User_Agent=() { :;}; echo vulnerable\n");
  expect(body).not.toMatch(/^vulnerable$/m);
});
