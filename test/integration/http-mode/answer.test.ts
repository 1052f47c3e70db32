import { describe, test } from "vitest";
import { always, OK, startProxy } from "../../support/scripted-upstream.ts";
import { toGet } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

describe("what the client gets of an answer", () => {
  test("is status, reason, headers in their order and number, length and body", async ({
    expect,
  }) => {
    const { watchdog } = await startProxy(
      always(
        "HTTP/1.1 299 Quite Fine\r\nSet-Cookie: a=1\r\nContent-Type: x/y\r\nSet-Cookie: b=2\r\nContent-Length: 5\r\nX-Duration-Seconds: 9\r\n\r\nhello",
      ),
    );
    const client = await watchdog.connect();
    client.send(toGet());
    await until("the answer", () => client.received.endsWith("hello"));
    expect(client.received).toMatch(/^HTTP\/1\.1 299 Quite Fine\r\n/);
    const { headers, body } = await client.answer();
    expect(headers.filter(([name]) => name !== "Date")).toEqual([
      ["Set-Cookie", "a=1"],
      ["Content-Type", "x/y"],
      ["Set-Cookie", "b=2"],
      ["X-Duration-Seconds", expect.stringMatching(/^\d+\.\d{6}$/)],
      ["Content-Length", "5"],
    ]);
    expect(body).toBe("hello");
  });

  test("may come with bare LFs in its head, and not with a line that is folded", async ({
    expect,
  }) => {
    const answers = [
      "HTTP/1.1 200 OK\nContent-Type: a/b\nContent-Length: 2\n\nok",
      "HTTP/1.1 200 OK\r\nX-A: 1\r\n 2\r\nContent-Length: 2\r\n\r\nok",
    ];
    const { watchdog } = await startProxy(({ socket }) => socket.write(answers.shift() ?? ""));
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.header("content-type"), answer.body]).toEqual([200, "a/b", "ok"]);
    expect((await watchdog.ask(toGet())).status).toBe(500);
  });

  test("T27: is without the headers of the upstream's connection", async ({ expect }) => {
    const { watchdog } = await startProxy(
      always(
        "HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nProxy-Authenticate: Basic\r\nUpgrade: h2\r\nContent-Length: 0\r\n\r\n",
      ),
    );
    const { headers } = await watchdog.ask(toGet());
    expect(headers.map(([name]) => name)).toEqual(["X-Duration-Seconds", "Content-Length", "Date"]);
  });

  test("has a type read off its first bytes where none is said, and none where there are none", async ({
    expect,
  }) => {
    const answers = ["<html>", "{}", ""].map(
      (body) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    const { watchdog } = await startProxy(({ socket }) => socket.write(answers.shift() ?? OK));
    const types = [];
    for (let count = 0; count < 3; count++) {
      types.push((await watchdog.ask(toGet())).header("content-type"));
    }
    expect(types).toEqual(["text/html; charset=utf-8", "text/plain; charset=utf-8", undefined]);
  });

  test("has no body behind HEAD, 204 and 304, and keeps the connection", async ({ expect }) => {
    const answers = [
      "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n",
      "HTTP/1.1 204 No Content\r\n\r\n",
      "HTTP/1.1 304 Not Modified\r\nETag: x\r\nContent-Length: 12\r\n\r\n",
    ];
    const { watchdog } = await startProxy(({ socket }) => socket.write(answers.shift() ?? OK));
    const client = await watchdog.connect();
    client.send(toGet().replace("GET", "HEAD"));
    await until("an answer", () => client.received.includes("\r\n\r\n"));
    expect(client.received).toMatch(/\r\nContent-Length: 99\r\n/);
    client.received = "";
    client.send(toGet());
    await until("an answer", () => client.received.includes("\r\n\r\n"));
    expect(client.received).toMatch(/^HTTP\/1.1 204 No Content\r\n/);
    expect(client.received).not.toMatch(/Content-Length|chunked/);
    client.received = "";
    client.send(toGet());
    await until("an answer", () => client.received.includes("\r\n\r\n"));
    expect(client.received).toMatch(/^HTTP\/1.1 304 .*ETag: x\r\n/s);
    client.received = "";
    client.send(toGet());
    expect((await client.answer()).body).toBe("ok");
  });

  test("comes chunk by chunk as the upstream makes it, the head first", async ({ expect }) => {
    const { watchdog, upstream } = await startProxy(
      always("HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n"),
    );
    const client = await watchdog.connect();
    client.send(toGet());
    await until("the head", () => client.received.endsWith("\r\n\r\n"));
    const { socket } = upstream.asked[0] as { socket: import("node:net").Socket };
    for (const word of ["one", "two"]) {
      socket.write(`3\r\n${word}\r\n`);
      await until(word, () => client.received.endsWith(`3\r\n${word}\r\n`));
    }
    socket.write("0\r\n\r\n");
    expect((await client.answer()).body).toBe("onetwo");
  });

  test("has its head byte by byte, with a body that is late, too", async ({ expect }) => {
    const head =
      "HTTP/1.1 200 \xe9\r\nContent-Type: a/b\r\nX-A: \xe4\xff\r\nContent-Length: 1\r\n\r\n";
    const { watchdog } = await startProxy(({ socket }) => socket.write(head, "latin1"));
    const client = await watchdog.connect();
    client.send(toGet());
    await until("the head", () => client.received.endsWith("\r\n\r\n"));
    expect(client.received).toMatch(
      /^HTTP\/1\.1 200 \xe9\r\nContent-Type: a\/b\r\nX-A: \xe4\xff\r\n/,
    );
  });

  test("includes trailers", async ({ expect }) => {
    const { watchdog } = await startProxy(
      always(
        "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\nSet-Cookie: a=1\r\n\r\n",
      ),
    );
    const client = await watchdog.connect();
    client.send(toGet());
    await until("the end", () => client.received.includes("\r\n0\r\n"));
    expect(client.received).toMatch(/\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n$/);
  });

  test("includes what comes before it (103), for HTTP/1.1 alone", async ({ expect }) => {
    const hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n";
    const { watchdog } = await startProxy(always(`${hints}${OK}`));
    const client = await watchdog.connect();
    client.send(toGet());
    await until("the answer", () => client.received.endsWith("ok"));
    expect(client.received).toMatch(
      /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a>; rel=preload\r\n\r\nHTTP\/1\.1 200 OK\r\n/,
    );
    const old = await watchdog.connect();
    old.send("GET / HTTP/1.0\r\nHost: x\r\n\r\n");
    await until("the answer", () => old.received.endsWith("ok"));
    expect(old.received).not.toContain("103");
  });

  test("is as long as the upstream's chunks say where it says a length too", async ({ expect }) => {
    const { watchdog } = await startProxy(
      always(
        "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
      ),
    );
    const answer = await watchdog.ask(toGet());
    expect([answer.status === 500, answer.body === "abc"]).toContain(true);
    expect(answer.header("content-length")).not.toBe("1");
  });
});
