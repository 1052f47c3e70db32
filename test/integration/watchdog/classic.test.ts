import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";

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

describe("a function that fails", () => {
  test("answers 500 with its exit status and what it had written", async ({ expect }) => {
    const watchdog = await startTestWatchdog(shell("echo out; exit 3"));
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.body]).toEqual([500, "exit status 3\nout\n"]);
    expect(answer.header("x-duration-seconds")).toBeUndefined();
    expect(answer.header("x-breeze-outcome")).toBeUndefined();
  });

  test("answers 500 with the signal it died of", async ({ expect }) => {
    const watchdog = await startTestWatchdog(shell("kill -TERM $$"));
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.body]).toEqual([500, "signal: terminated\n"]);
    expect(answer.header("x-breeze-outcome")).toBe("signal");
  });

  test("writes its error output into the answer, in order, where output is combined", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog(shell("echo 1; echo 2 >&2; echo 3; exit 1"));
    const answer = await watchdog.ask(toGet());
    expect(answer.body).toBe("exit status 1\n1\n2\n3\n");
    expect(watchdog.telemetry.errorOutput).toBe("");
  });

  test("writes its error output to the log where output is not combined", async ({ expect }) => {
    const watchdog = await startTestWatchdog({
      fprocess: "stat x",
      combine_output: "false",
    });
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.body]).toEqual([500, "exit status 1\n"]);
    expect(watchdog.telemetry.errorOutput).toContain("No such file or directory");
  });
});

describe("a program that cannot be started (T23)", () => {
  test("answers 500 with Go's words for what is not in PATH", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "no-such-program" });
    const answer = await watchdog.ask(toGet());
    const text = 'exec: "no-such-program": executable file not found in $PATH\n';
    expect([answer.status, answer.body]).toEqual([500, text]);
    expect(answer.header("x-breeze-outcome")).toBe("spawn-failed");
  });

  test("answers 500 with Go's words for a path", async ({ expect }) => {
    const missing = await startTestWatchdog({ fprocess: "/no/such/file" });
    expect((await missing.ask(toGet())).body).toBe(
      "fork/exec /no/such/file: no such file or directory\n",
    );
    const forbidden = await startTestWatchdog({ fprocess: "/etc/passwd" });
    expect((await forbidden.ask(toGet())).body).toBe("fork/exec /etc/passwd: permission denied\n");
  });

  test("holds no place, and serves again once the program is there", async ({ expect }) => {
    using folder = createTemporaryFolder();
    const program = join(folder.path, "program");
    const watchdog = await startTestWatchdog({ fprocess: program, max_inflight: "1" });
    for (let count = 0; count < 3; count++) {
      expect((await watchdog.ask(toGet())).status).toBe(500);
    }
    copyFileSync("/bin/true", program);
    expect((await watchdog.ask(toGet())).status).toBe(200);
  });
});

describe("a method that no function is asked with", () => {
  test("is refused with 405 and an empty body, and starts nothing", async ({ expect }) => {
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

describe("exec_timeout", () => {
  test("answers 408 at the deadline (upstream's sleep test)", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "sleep 20", exec_timeout: "100ms" });
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.body]).toEqual([408, "Killed process.\n"]);
    expect(answer.header("x-breeze-outcome")).toBe("timeout");
    expect(answer.header("x-duration-seconds")).toBeUndefined();
  });

  test("answers at the deadline although a grandchild holds stdout (G9, T17)", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({
      ...shell("sleep 30 & wait"),
      exec_timeout: "300ms",
    });
    const started = performance.now();
    expect((await watchdog.ask(toGet())).status).toBe(408);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("bounds a function that closes stdout and stays (T16)", async ({ expect }) => {
    const watchdog = await startTestWatchdog({
      ...shell("exec >&- 2>&-; exec sleep 30"),
      exec_timeout: "300ms",
    });
    expect((await watchdog.ask(toGet())).status).toBe(408);
  });
});

test("a value of a header is data, whatever a shell would see in it (T2)", async ({ expect }) => {
  const watchdog = await startTestWatchdog({ fprocess: "bash -c env" });
  const { body } = await watchdog.ask(toGet("/", "User-Agent: () { :;}; echo vulnerable\r\n"));
  expect(body).toContain("Http_User_Agent=() { :;}; echo vulnerable\n");
  expect(body).not.toMatch(/^vulnerable$/m);
});

test("write_debug shows the answer and says more of the request, and survives a failed start (G1)", async ({
  expect,
}) => {
  const watchdog = await startTestWatchdog({
    fprocess: "no-such-program",
    write_debug: "true",
    max_inflight: "1",
  });
  expect((await watchdog.ask(toGet("/a?b=c"))).status).toBe(500);
  expect((await watchdog.ask(toGet("/a?b=c"))).status).toBe(500);
  expect(watchdog.telemetry.messages).toContain("Query  b=c");
  expect(watchdog.telemetry.messages).toContain("Path  /a");
  expect(watchdog.telemetry.messages).toContain(
    'Success=false, Error=exec: "no-such-program": executable file not found in $PATH',
  );
});
