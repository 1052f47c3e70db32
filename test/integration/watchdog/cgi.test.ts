import { describe, test } from "vitest";
import { startTestWatchdog, toGet } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

/** What it is sent is what it prints. */
const ECHO = { mode: "cgi", fprocess: "cat" };
const shell = (script: string) => ({
  mode: "cgi",
  fprocess: `sh -c '${script}'`,
  fprocess_shell_words: "true",
});

describe("what a CGI program prints", () => {
  const answers: Readonly<Record<string, readonly [string, number, string]>> = {
    "with LF": ["Content-Type: a/b\n\nhello", 200, "hello"],
    "with CRLF": ["Content-Type: a/b\r\n\r\nhello", 200, "hello"],
    "with both": ["Content-Type: a/b\nX-A: b\r\n\nhello", 200, "hello"],
    "without blanks": ["Content-Type:a/b\n\nhello", 200, "hello"],
    "with a status": ["Status: 404 Not Found\nContent-Type: a/b\n\nnone", 404, "none"],
    "with a status alone": ["Status: 503\n\n", 503, ""],
    "with its length": ["Content-Type: a/b\nContent-Length: 5\n\nhello", 200, "hello"],
    "without a body": ["Content-Type: a/b\n\n", 200, ""],
    "with bytes of any value": ["Content-Type: a/b\n\n\0\xff\n\n\r", 200, "\0\xff\n\n\r"],
  };
  for (const [name, [output, status, body]] of Object.entries(answers)) {
    test(`is the answer, ${name}`, async ({ expect }) => {
      const watchdog = await startTestWatchdog(ECHO);
      const answer = await watchdog.post(output);
      expect([answer.status, answer.body]).toEqual([status, body]);
      expect(answer.header("x-breeze-outcome")).toBeUndefined();
    });
  }

  test("has its headers as they are, the same name several times too", async ({ expect }) => {
    const watchdog = await startTestWatchdog(ECHO);
    const { headers } = await watchdog.post(
      "Set-Cookie: a=1\nX-Bytes: \xe9\t\xff \nSet-Cookie: b=2\nContent-Type: a/b\nX-Empty:\n\n",
    );
    expect(headers.slice(0, 5)).toEqual([
      ["Set-Cookie", "a=1"],
      ["X-Bytes", "\xe9\t\xff"],
      ["Set-Cookie", "b=2"],
      ["Content-Type", "a/b"],
      ["X-Empty", ""],
    ]);
  });

  test("redirects with 302, or as it says", async ({ expect }) => {
    const watchdog = await startTestWatchdog(ECHO);
    for (const location of ["http://elsewhere/a?b", "/here?x=1"]) {
      const answer = await watchdog.post(`Location: ${location}\n\n`);
      expect([answer.status, answer.header("location")]).toEqual([302, location]);
    }
    expect((await watchdog.post("Status: 301\nLocation: /a\n\n")).status).toBe(301);
  });

  test("has the type of content_type where it names none", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ ...ECHO, content_type: "x/y" });
    expect((await watchdog.post("Status: 200\n\n")).header("content-type")).toBe("x/y");
    expect((await watchdog.post("Content-Type: a/b\n\n")).header("content-type")).toBe("a/b");
  });

  test("has no body and no length behind 204 and 304, whatever is printed", async ({ expect }) => {
    const watchdog = await startTestWatchdog(ECHO);
    const client = await watchdog.connect();
    for (const status of [204, 304, 200]) {
      const body = `Status: ${status}\nContent-Type: a/b\n\nhello`;
      client.send(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      await until("the head", () => client.received.includes("\r\n\r\n"));
      if (status !== 200) {
        expect(client.received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
        expect(client.received).not.toMatch(/content-length|transfer-encoding|hello/i);
        client.received = "";
      }
    }
    expect((await client.answer()).body).toBe("hello");
  });

  test("has the length that it says of a body that HEAD does not want", async ({ expect }) => {
    const watchdog = await startTestWatchdog(
      shell('printf "Content-Type: a/b\\nContent-Length: 1234\\n\\n"'),
    );
    const client = await watchdog.connect();
    client.send("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(await client.closed()).toBe("fin");
    expect(client.received).toContain("\r\nContent-Length: 1234\r\n");
    expect(client.received.endsWith("\r\n\r\n")).toBe(true);
  });
});

describe("a CGI program that takes its time", () => {
  const dialogue = (script: string) => shell(`printf "Content-Type: a/b\\n\\n"; ${script}`);
  const CHUNKS = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n";

  test("has its head sent at once, and each chunk of its body", async ({ expect }) => {
    const watchdog = await startTestWatchdog(dialogue("read a; echo $a; read b; echo $b"));
    const client = await watchdog.connect();
    client.send(CHUNKS);
    await until("the head", () => client.received.includes("Content-Type: a/b\r\n"));
    client.send("one\n");
    await until("the first line", () => client.received.includes("one\n"));
    client.send("two\n");
    expect((await client.answer()).body).toBe("one\ntwo\n");
  });

  test("has the bytes of its head as they are, too, when its body is late", async ({ expect }) => {
    const watchdog = await startTestWatchdog(ECHO);
    const client = await watchdog.connect();
    const head = "Content-Type: a/b\nX-A: \xe9\xff\n\n";
    client.send(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${head.length + 2}\r\n\r\n${head}`);
    await until("the head", () => client.received.includes("\r\n\r\n"));
    expect(client.received).toContain("\r\nX-A: \xe9\xff\r\n");
    client.send("ok");
    expect((await client.answer()).body).toBe("ok");
  });

  test("may print its head in pieces", async ({ expect }) => {
    const watchdog = await startTestWatchdog(
      shell('printf Content; read a; printf -- "-Type: a/b\\r"; read b; printf "\\n\\r\\nhi"'),
    );
    const client = await watchdog.connect();
    client.send(CHUNKS);
    client.send("one\n");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(client.received).toBe("");
    client.send("two\n");
    expect((await client.answer()).body).toBe("hi");
  });

  test("has large bodies passed on whole, both ways at once", async ({ expect }) => {
    const watchdog = await startTestWatchdog(ECHO);
    for (const size of [4_000, 5_000, 70_000, 300_000, 5_000_000]) {
      const body = Buffer.alloc(size, "0123456789abcdefg").toString();
      const answer = await watchdog.post(`Content-Type: a/b\n\n${body}`);
      expect(answer.body === body).toBe(true);
    }
  });

  test("is answered 504 at its deadline, before its head is there (T17)", async ({ expect }) => {
    const watchdog = await startTestWatchdog({
      ...shell('printf "Content-Type: a/b\\n"; sleep 300 & wait'),
      exec_timeout: "300ms",
    });
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.header("x-breeze-outcome")]).toEqual([504, "timeout"]);
    expect(watchdog.telemetry.invocations[0]?.outcome ?? "timeout").toBe("timeout");
  });

  const late: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "that is late": { ...dialogue("echo begun; sleep 20"), exec_timeout: "500ms" },
    "that exits otherwise than with 0": dialogue("echo begun; read a; exit 3"),
    "that writes too much (T13)": { ...dialogue("echo begun; read a; yes"), max_output: "10KB" },
  };
  for (const [name, variables] of Object.entries(late)) {
    test(`is cut off behind its head, of a program ${name}`, async ({ expect }) => {
      const watchdog = await startTestWatchdog(variables);
      const client = await watchdog.connect();
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n");
      await until("the beginning", () => client.received.includes("begun\n"));
      client.send("go\n");
      expect(await client.closed()).toBe("reset");
    });
  }
});

describe("a CGI program that fails before its head is there", () => {
  test("is a 500 with the reason, and its error output is in the log", async ({ expect }) => {
    const watchdog = await startTestWatchdog(shell("echo oops >&2; exit 3"));
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.body]).toEqual([500, "exit status 3\n"]);
    await until("the log", () => watchdog.telemetry.errorOutput === "oops\n");
  });

  test("is a 500 where it cannot be started", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ mode: "cgi", fprocess: "no-such-program" });
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.header("x-breeze-outcome")]).toEqual([500, "spawn-failed"]);
  });
});
