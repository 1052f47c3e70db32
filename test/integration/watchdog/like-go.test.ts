import { describe, test } from "vitest";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

describe("what the server answers by itself", () => {
  test("OPTIONS * with 200 and nothing", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    const answer = await watchdog.ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
    expect([answer.status, answer.body]).toEqual([200, ""]);
  });

  test("CONNECT to a host with 404, to a path with 405", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    const host = await watchdog.ask("CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n");
    expect([host.status, host.body]).toEqual([404, "404 page not found\n"]);
    expect((await watchdog.ask("CONNECT /a HTTP/1.1\r\nHost: h\r\n\r\n")).status).toBe(405);
  });

  test("methods that no parser knows with 501 where every method may be asked", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat", mode: "serializing" });
    expect((await watchdog.ask(toGet().replace("GET", "FOO"))).status).toBe(501);
    expect((await watchdog.ask(toGet().replace("GET", "PROPFIND"))).status).toBe(200);
  });

  test("a request to upgrade as any other", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    const answer = await watchdog.post("hello", "Connection: upgrade\r\nUpgrade: websocket\r\n");
    expect([answer.status, answer.body]).toEqual([200, "hello"]);
  });
});

describe("a connection", () => {
  test("is kept, without a word about it", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    const client = await watchdog.connect();
    for (const body of ["one", "two", "three"]) {
      client.send(toPost(body));
      const answer = await client.answer();
      expect(answer.body).toBe(body);
      expect(answer.header("connection")).toBeUndefined();
      expect(answer.header("keep-alive")).toBeUndefined();
    }
  });

  test("is closed behind its answer where the client asks for it, or speaks HTTP/1.0", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    for (const request of [toPost("x", "Connection: close\r\n"), "POST / HTTP/1.0\r\n\r\n"]) {
      const client = await watchdog.connect();
      client.send(request);
      expect((await client.answer()).header("connection")).toBe("close");
      expect(await client.closed()).toBe("fin");
    }
  });

  test("of HTTP/1.0 is kept where the client asks for it", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    const client = await watchdog.connect();
    for (const body of ["one", "two"]) {
      client.send(toPost(body, "Connection: keep-alive\r\n").replace("HTTP/1.1", "HTTP/1.0"));
      const answer = await client.answer();
      expect([answer.body, answer.header("connection")]).toEqual([body, "keep-alive"]);
    }
  });

  test("of a client that closes its side behind the request gets the answer, if it said so", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({
      fprocess: "sh -c 'sleep 0.2; cat'",
      fprocess_shell_words: "true",
    });
    const requests = [
      toPost("hello", "Connection: close\r\n"),
      toPost("hello").replace("HTTP/1.1", "HTTP/1.0"),
    ];
    for (const request of requests) {
      const client = await watchdog.connect();
      client.send(request);
      client.finish();
      expect((await client.answer()).body).toBe("hello");
      expect(await client.closed()).toBe("fin");
    }
  });

  test("that says nothing is closed once read_timeout is over, without an answer when it was kept", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat", read_timeout: "300ms" });
    const client = await watchdog.connect();
    client.send(toPost("x"));
    await client.answer();
    expect(await client.closed()).toBe("fin");
    expect(client.received).toBe("");
  });
});

describe("a client that waits to be asked for its body", () => {
  test("may say so more than once, or say nothing after all", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    const expectations = {
      "Expect:\r\n": 0,
      "Expect: 100-continue\r\nExpect: 100-continue\r\n": 1,
      "Expect: 100-Continue, 100-continue\r\n": 1,
    };
    for (const [headers, asked] of Object.entries(expectations)) {
      const client = await watchdog.connect();
      client.send(toPost("hello", `${headers}Connection: close\r\n`));
      await client.closed();
      expect(client.received.split("HTTP/1.1 100 Continue\r\n")).toHaveLength(asked + 1);
      expect((await client.answer()).body).toBe("hello");
    }
  });

  const waiting = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";

  test("is asked when the body is wanted", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    const client = await watchdog.connect();
    client.send(waiting);
    await until("100 Continue", () => client.received === "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("hello");
    const answer = await client.answer();
    expect([answer.body, answer.header("connection")]).toEqual(["hello", undefined]);
  });

  test("is answered at once where the body is not wanted", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat", max_body: "4" });
    const client = await watchdog.connect();
    client.send(waiting);
    await until("an answer", () => client.received !== "");
    expect(client.received).toMatch(/^HTTP\/1.1 413 /);
    expect((await client.answer()).header("connection")).toBe("close");
  });
});
