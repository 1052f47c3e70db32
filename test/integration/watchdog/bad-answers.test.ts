import { describe, test } from "vitest";
import { startTestWatchdog, toGet } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const shell = (mode: string, script: string) => ({
  mode,
  fprocess: `sh -c '${script}'`,
  fprocess_shell_words: "true",
});

/** What is printed, and what the log says of it. */
const outputs: Readonly<Record<string, readonly [string, RegExp]>> = {
  "nothing at all": ["", /no header block/],
  "an empty header block": ["\n\nhello", /neither Content-Type, Location nor Status/],
  "text instead of headers": ["hello\n\nworld", /"hello" is no header/],
  "text without a line end": ["hello", /ends within its header block/],
  "a header block that never ends": ["Content-Type: a/b\nX-A: b\n", /ends within/],
  "none of the headers that CGI needs": ["X-A: b\n\nhello", /neither Content-Type/],
  "a name with a blank": ["Content-Type: a/b\nX A: b\n\n", /"X A" is no name/],
  "a blank before the colon": ["Content-Type: a/b\nX-A : b\n\n", /"X-A " is no name/],
  "a folded header": ["Content-Type: a/b\nX-A: b\n c: d\n\n", /" c" is no name/],
  "a name with a control character": ["Content-Type: a/b\nX-\x01A: b\n\n", /is no name/],
  "a value with a CR": ["Content-Type: a/b\nX-A: b\rX-B: c\n\n", /X-A has a control character/],
  "a value with a NUL": ["Content-Type: a/b\nX-A: b\0c\n\n", /X-A has a control character/],
  "a value with an escape": ["Content-Type: a/b\x1b[31m\n\n", /Content-Type has a control/],
  "a status of two digits": ["Status: 99\n\n", /Status is "99"/],
  "a status of four digits": ["Status: 2000\n\n", /Status is "2000"/],
  "a status that is a word": ["Status: OK\n\n", /Status is "OK"/],
  "a status without an end": ["Status: 200OK\n\n", /Status is "200OK"/],
  "a status that goes before others": ["Status: 101 Switching\n\n", /101 is no status/],
  "a status of no class": ["Status: 600 What\n\n", /600 is no status/],
  "two statuses": ["Status: 200\nStatus: 404\n\n", /Status comes twice/],
  "two types": ["Content-Type: a/b\ncontent-type: c/d\n\n", /content-type comes twice/],
  "two lengths": ["Content-Type: a/b\nContent-Length: 1\nContent-Length: 1\n\nx", /comes twice/],
  "two locations": ["Location: /a\nLocation: /b\n\n", /Location comes twice/],
  "an empty location": ["Location:\n\n", /Location is empty/],
  "a length that is none": ["Content-Type: a/b\nContent-Length: -1\n\n", /Content-Length is "-1"/],
  "less than its length": ["Content-Type: a/b\nContent-Length: 6\n\nhello", /not as long/],
  "more than its length": ["Content-Type: a/b\nContent-Length: 4\n\nhello", /not as long/],
  "Transfer-Encoding": ["Content-Type: a/b\nTransfer-Encoding: chunked\n\n0\r\n\r\n", /not the/],
  Connection: ["Content-Type: a/b\nConnection: close\n\n", /Connection is not the program's/],
  Upgrade: ["Content-Type: a/b\nUpgrade: h2c\n\n", /Upgrade is not the program's/],
  Trailer: ["Content-Type: a/b\ntrailer: x\n\n", /trailer is not the program's/],
  "64 KiB of headers": [`Content-Type: a/b\n${"X-A: b\n".repeat(10_000)}\n`, /longer than 65536/],
  "64 KiB of one line": ["x".repeat(70_000), /longer than 65536/],
};

describe("a CGI program that prints what cannot be an answer (T41)", () => {
  for (const [name, [output, reason]] of Object.entries(outputs)) {
    test(`is answered 502, with the reason in the log alone: ${name}`, async ({ expect }) => {
      const watchdog = await startTestWatchdog({ mode: "cgi", fprocess: "cat" });
      const answer = await watchdog.post(output);
      expect([answer.status, answer.header("x-breeze-outcome")]).toEqual([502, "bad-answer"]);
      expect(answer.body).toBe("the function's answer cannot be sent\n");
      const own = ["content-type", "x-breeze-outcome", "content-length", "date", "connection"];
      for (const [header] of answer.headers) expect(own).toContain(header.toLowerCase());
      await until("the record", () => watchdog.telemetry.invocations.length === 1);
      const [record] = watchdog.telemetry.invocations;
      expect(record).toMatchObject({ status: 502, outcome: "bad-answer" });
      expect(record?.detail).toMatch(reason);
      expect(record?.detail?.length).toBeLessThan(200);
    });
  }

  test("is ended at once where it would go on", async ({ expect }) => {
    const watchdog = await startTestWatchdog(shell("cgi", "echo hello; exec sleep 300"));
    const answer = await watchdog.ask(toGet());
    expect(answer.status).toBe(502);
    await until("its end", () => watchdog.telemetry.outcomes.length === 1);
    expect(watchdog.telemetry.outcomes[0]?.kind).toBe("badAnswer");
  });

  test("that writes without an end and never a header is answered and ended", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog(shell("cgi", 'yes "" | tr -d "\\n" & yes "X: y"'));
    expect((await watchdog.ask(toGet())).status).toBe(502);
  });

  for (const [name, script] of Object.entries({ less: "echo o", more: "echo onger" })) {
    test(`is cut off where its length turns out wrong behind the head: ${name}`, async ({
      expect,
    }) => {
      const head = 'printf "Content-Type: a/b\\nContent-Length: 5\\n\\nl"; read a; ';
      const watchdog = await startTestWatchdog(shell("cgi", head + script));
      const client = await watchdog.connect();
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n");
      await until("the head", () => client.received.includes("\r\n\r\nl"));
      client.send("go\n");
      expect(await client.closed()).toBe("reset");
      await until("the record", () => watchdog.telemetry.invocations.length === 1);
      expect(watchdog.telemetry.invocations[0]?.outcome).toBe("bad-answer");
    });
  }
});

/** What is written to descriptor 3, and what the log says of it. */
const messages: Readonly<Record<string, readonly [string, RegExp]>> = {
  "no JSON": ["hello", /no JSON object: "hello"/],
  "a list": ["[201]", /no JSON object/],
  "two lines": ['{"status":201}\\n{"status":202}\\n', /more than one line/],
  "an empty line first": ['\\n{"status":201}', /more than one line|no JSON/],
  "an unknown member": ['{"code":201}', /"code" beside status and headers/],
  "a status that is text": ['{"status":"201"}', /status that is no number/],
  "a status with a fraction": ['{"status":200.5}', /200.5 is no status/],
  "a status that goes before others": ['{"status":100}', /100 is no status/],
  "a status out of range": ['{"status":1000}', /1000 is no status/],
  "headers that are a list": ['{"headers":["X-A"]}', /headers that are no object/],
  "a value that is a number": ['{"headers":{"X-A":1}}', /neither text nor a list/],
  "a list with a number": ['{"headers":{"X-A":["a",1]}}', /neither text nor a list/],
  "a name with a blank": ['{"headers":{"X A":"b"}}', /"X A" is no name/],
  "a name with a line end": ['{"headers":{"X-A\\\\r\\\\nX-B":"b"}}', /is no name/],
  "a value with a line end": ['{"headers":{"X-A":"b\\\\r\\\\nX-B: c"}}', /X-A has a control/],
  "a value with a NUL": ['{"headers":{"X-A":"\\\\u0000"}}', /X-A has a control/],
  "a wrong length": ['{"headers":{"Content-Length":"1"}}', /not as long/],
  "Transfer-Encoding": ['{"headers":{"Transfer-Encoding":"chunked"}}', /not the program's/],
  "the same name in two cases": [
    '{"headers":{"Content-Type":"a/b","content-type":"c/d"}}',
    /content-type comes twice/,
  ],
  "bytes that are not UTF-8": ["\\377", /not UTF-8/],
};

for (const mode of ["", "serializing", "streaming"]) {
  describe(`in ${mode || "classic"}, on descriptor 3, what cannot be a head (T41)`, () => {
    for (const [name, [message, reason]] of Object.entries(messages)) {
      test(`is answered 502, with the reason in the log alone: ${name}`, async ({ expect }) => {
        const watchdog = await startTestWatchdog(
          {
            ...shell(mode, 'printf "$MESSAGE" >&3; echo hello'),
            control_fd: "3",
          },
          { environment: [`MESSAGE=${message}`] },
        );
        const client = await watchdog.connect();
        client.send(toGet());
        await until("an answer", () => client.received !== "" || client.ending !== undefined);
        await until("the record", () => watchdog.telemetry.invocations.length === 1);
        const [record] = watchdog.telemetry.invocations;
        expect(record).toMatchObject({ outcome: "bad-answer" });
        expect(record?.detail).toMatch(reason);
        if (mode === "streaming" && name === "a wrong length") {
          // Its head was sent, or not: that is a matter of time.
          expect([200, 502]).toContain(record?.status);
        } else {
          expect(client.received).toMatch(/^HTTP\/1.1 502 /);
          expect(client.received).toContain("X-Breeze-Outcome: bad-answer\r\n");
          expect(client.received).not.toMatch(/X-A|hello/);
        }
      });
    }

    test("is answered 502 where it is more than 64 KiB, and ended", async ({ expect }) => {
      const watchdog = await startTestWatchdog({
        ...shell(mode, "yes >&3"),
        control_fd: "3",
      });
      const answer = await watchdog.ask(toGet());
      expect([answer.status, answer.header("x-breeze-outcome")]).toEqual([502, "bad-answer"]);
      await until("its end", () => watchdog.telemetry.outcomes.length === 1);
    });
  });
}

test("descriptor 3 and Status together are 502 in cgi (T41)", async ({ expect }) => {
  const script = (head: string) =>
    shell("cgi", `echo "{\\"status\\":201}" >&3; printf "${head}Content-Type: a/b\\n\\nhi"`);
  const both = await startTestWatchdog({ ...script("Status: 202\\n"), control_fd: "3" });
  expect((await both.ask(toGet())).status).toBe(502);
  await until("the record", () => both.telemetry.invocations.length === 1);
  expect(both.telemetry.invocations[0]?.detail).toMatch(/Status, and descriptor 3/);
  const one = await startTestWatchdog({ ...script(""), control_fd: "3" });
  const answer = await one.ask(toGet());
  expect([answer.status, answer.header("content-type"), answer.body]).toEqual([201, "a/b", "hi"]);
});
