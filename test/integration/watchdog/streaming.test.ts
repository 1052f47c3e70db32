import { createHash } from "node:crypto";
import { connect } from "node:net";
import { describe, test } from "vitest";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const shell = (script: string) => ({
  mode: "streaming",
  fprocess: `sh -c '${script}'`,
  fprocess_shell_words: "true",
});
const CHUNKED = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

describe("a function that streams", () => {
  test("answers 200 with its output and the configured type, without a duration", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ mode: "streaming", fprocess: "cat" });
    const answer = await watchdog.post("hello");
    expect([answer.status, answer.body]).toEqual([200, "hello"]);
    expect(answer.header("content-type")).toBe("application/octet-stream");
    expect(answer.header("x-duration-seconds")).toBeUndefined();
    const typed = await startTestWatchdog({ mode: "streaming", content_type: "a/b" });
    expect((await typed.post("hello")).header("content-type")).toBe("a/b");
  });

  test("may be asked with any method", async ({ expect }) => {
    const watchdog = await startTestWatchdog({
      mode: "streaming",
      fprocess: "printenv Http_Method",
    });
    for (const method of ["GET", "OPTIONS", "PATCH", "REPORT"]) {
      expect((await watchdog.ask(toGet().replace("GET", method))).body).toBe(`${method}\n`);
    }
  });

  test("sends each chunk at once (G13)", async ({ expect }) => {
    const watchdog = await startTestWatchdog(shell("echo one; read line; echo two"));
    const client = await watchdog.connect();
    client.send(CHUNKED);
    await until("the first line", () => client.received.includes("one\n"));
    client.send("3\r\ngo\n\r\n0\r\n\r\n");
    expect((await client.answer()).body).toBe("one\ntwo\n");
  });

  test("gets each chunk at once", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ mode: "streaming", fprocess: "cat" });
    const client = await watchdog.connect();
    client.send(CHUNKED);
    for (const piece of ["one", "two", "six"]) {
      client.send(`3\r\n${piece}\r\n`);
      await until(piece, () => client.received.includes(piece));
    }
    client.send("0\r\n\r\n");
    expect((await client.answer()).body).toBe("onetwosix");
  });

  test("loses no byte of what is sent and comes back at the same time (G2)", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ mode: "streaming", fprocess: "cat" });
    for (const size of [100_000, 262_143, 300_000, 1_048_576, 20_000_000]) {
      const body = Buffer.alloc(size, "0123456789abcdefg").toString();
      expect((await watchdog.post(body)).body === body).toBe(true);
      const chunks = `${size.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
      expect((await watchdog.ask(CHUNKED + chunks)).body === body).toBe(true);
    }
  });

  test("holds little of a stream whose reader is slow", { timeout: 60_000 }, async ({ expect }) => {
    const size = 100_000_000;
    const watchdog = await startTestWatchdog(shell(`head -c ${size} /dev/zero`));
    const before = process.memoryUsage().rss;
    const socket = connect({ port: watchdog.port, host: "127.0.0.1" });
    const hash = createHash("sha256");
    let received = 0;
    socket.write("GET / HTTP/1.0\r\n\r\n");
    for await (const chunk of socket) {
      received += (chunk as Buffer).length;
      hash.update(chunk as Buffer);
      if (Math.random() < 0.02) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(received).toBeGreaterThan(size);
    expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000);
  });

  test("has only the variables of of-watchdog", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ mode: "streaming", fprocess: "env" });
    const { body } = await watchdog.ask(toPost("hello", "X-A: 1\r\nX-A: 2\r\n", "/a%20b?c=%20"));
    const variables = body.split("\n").filter((line) => line.startsWith("Http_"));
    expect(variables.sort()).toEqual([
      "Http_Content_Length=5",
      "Http_Method=POST",
      "Http_Path=/a b",
      "Http_Query=c=%20",
      "Http_X_A=1",
    ]);
    const chunked = await watchdog.ask(`${CHUNKED}0\r\n\r\n`);
    expect(chunked.body).toContain("Http_Transfer_Encoding=chunked\n");
    expect(chunked.body).not.toContain("Http_Content_Length");
  });

  test("writes its error output to the log", async ({ expect }) => {
    const watchdog = await startTestWatchdog(shell("echo oops >&2; echo fine"));
    expect((await watchdog.ask(toGet())).body).toBe("fine\n");
    await until("the log", () => watchdog.telemetry.errorOutput === "oops\n");
  });

  test("answers although its client has not sent all of a body that it does not read", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog(shell("exec <&-; echo done"));
    const client = await watchdog.connect();
    client.send(`${CHUNKED}5\r\nhello\r\n`);
    expect((await client.answer()).body).toBe("done\n");
    expect(await client.closed()).toBe("fin");
  });
});

describe("a body beyond max_body (T9)", () => {
  test("that says so is refused with 413 before the function starts", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ mode: "streaming", max_body: "10" });
    expect((await watchdog.post("x".repeat(11))).status).toBe(413);
    expect(watchdog.telemetry.processes).toBe(0);
  });

  test("that is chunked is refused with 413, and the function ended", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ ...shell("sleep 20"), max_body: "10" });
    const client = await watchdog.connect();
    client.send(CHUNKED);
    await until("the start", () => watchdog.telemetry.processes === 1);
    client.send(`14\r\n${"x".repeat(20)}\r\n`);
    expect((await client.answer()).status).toBe(413);
    await until("the record", () => watchdog.telemetry.invocations.length === 1);
    expect(watchdog.telemetry.invocations[0]).toMatchObject({ status: 413, outcome: "refused" });
    expect(watchdog.telemetry.outcomes[0]?.kind).toBe("aborted");
  });
});

test("a body that is late is a 408, and the function ended (T11)", async ({ expect }) => {
  const watchdog = await startTestWatchdog({ ...shell("cat >&2"), read_timeout: "300ms" });
  const client = await watchdog.connect();
  client.send(`${CHUNKED}5\r\nhello\r\n`);
  expect((await client.answer()).status).toBe(408);
  await until("the end", () => watchdog.telemetry.outcomes[0]?.kind === "aborted");
});
