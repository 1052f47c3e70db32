import { test } from "vitest";
import { startWebFunction } from "../../../support/start-web-function.ts";
import { until } from "../../../support/until.ts";

test("events, lines and what has no type are read piece by piece as they are made, and end at the function with their reader", async ({
  expect,
}) => {
  const { ask, untilOpen } = await startWebFunction();
  for (const [path, type, first] of [
    ["/events", "text/event-stream", "data: first\n\n"],
    ["/lines", "application/x-ndjson", '{"n":1}\n'],
    ["/untyped", "text/plain; charset=utf-8", "first"],
  ] as const) {
    const leaving = new AbortController();
    const { status, headers, body } = await ask(path, { signal: leaving.signal });
    expect([status, headers.get("content-type")]).toEqual([200, type]);
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    const next = async () => Buffer.from((await reader.read()).value ?? []).toString();
    expect(await next()).toBe(first);
    // Nothing is said before the last was read: whatever waited for more would wait for ever.
    for (const text of ["data: second\n\n", "{}\n", "x"]) {
      await (await ask("/tell", { method: "POST", body: text })).text();
      expect(await next()).toBe(text);
    }
    await untilOpen(1);
    leaving.abort();
    await untilOpen(0);
  }
});

test("a body and its answer go both ways at a time, and so do their trailers", async ({
  expect,
}) => {
  const { connect } = await startWebFunction();
  const client = await connect();
  client.send(
    "POST /function/web/echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nTE: trailers\r\n\r\n",
  );
  for (const piece of ["one", "two", "six"]) {
    client.send(`3;any="extension"\r\n${piece}\r\n`);
    await until("its echo", () => client.received.endsWith(`3\r\n${piece}\r\n`));
  }
  client.send("0\r\nX-Sum: 7\r\n\r\n");
  await until("the trailer", () => client.received.endsWith("0\r\nX-Sum: 7\r\n\r\n"));
  expect((await client.answer()).body).toBe("onetwosix");
});

test("a client that leaves in the middle of its body, or before its answer, ends the function's work", async () => {
  const { connect, untilOpen } = await startWebFunction();
  for (const request of [
    "POST /function/web/silent HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nhalf",
    "POST /function/web/silent HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    "GET /function/web/silent HTTP/1.1\r\nHost: x\r\n\r\n",
  ]) {
    const client = await connect();
    client.send(request);
    await untilOpen(1);
    client.reset();
    await untilOpen(0);
  }
});
