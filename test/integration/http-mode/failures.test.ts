import { describe, test } from "vitest";
import { always, OK, startProxy } from "../../support/scripted-upstream.ts";
import { toGet, toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n";
const BIG = 64 * 1024;

describe("an upstream that fails before its answer", () => {
  for (const [how, act] of [
    ["closes", (socket: import("node:net").Socket) => socket.end()],
    ["resets", (socket: import("node:net").Socket) => socket.resetAndDestroy()],
    ["talks nonsense", (socket: import("node:net").Socket) => socket.write("nonsense\r\n\r\n")],
  ] as const) {
    test(`and ${how}, is a 500 that says whose it is`, async ({ expect }) => {
      const { watchdog } = await startProxy(({ socket }) => act(socket));
      const answer = await watchdog.post("body");
      expect([answer.status, answer.body]).toEqual([500, ""]);
      expect(answer.header("x-openfaas-internal")).toBe("of-watchdog");
      expect(answer.header("x-breeze-outcome")).toBe("upstream-failed");
      expect(answer.header("x-duration-seconds")).toMatch(/^\d+\.\d{6}$/);
      await until("the log line", () => watchdog.telemetry.invocations.length === 1);
      expect(watchdog.telemetry.invocations[0]).toMatchObject({
        outcome: "upstream-failed",
        status: 500,
      });
    });
  }

  test("and sends informational heads without end, is a 500 that says so", async ({ expect }) => {
    const { watchdog } = await startProxy(
      always("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n".repeat(101)),
    );
    const client = await watchdog.connect();
    client.send(toGet());
    await until("the log line", () => watchdog.telemetry.invocations.length === 1);
    await until("the answer", () => client.received.includes("HTTP/1.1 500"));
    expect(watchdog.telemetry.invocations[0]).toMatchObject({
      outcome: "upstream-failed",
      detail: expect.stringContaining("too many heads"),
    });
  });

  test("G24: a POST that may have arrived is never sent again", async ({ expect }) => {
    let requests = 0;
    const { watchdog } = await startProxy(({ socket }) => {
      requests++;
      if (requests === 1) socket.write(OK);
      else socket.resetAndDestroy();
    });
    expect((await watchdog.post("1")).status).toBe(200);
    expect((await watchdog.post("2")).status).toBe(500);
    expect(requests).toBe(2);
  });

  test("G24: a GET is sent once more where a kept connection turns out to be closed, no third time, and not on a new one", async ({
    expect,
  }) => {
    const script: ("ok" | "reset")[] = ["ok", "reset", "ok", "reset", "reset", "reset"];
    let requests = 0;
    const { watchdog, upstream } = await startProxy(({ socket }) => {
      if (script[requests++] === "ok") socket.write(OK);
      else socket.resetAndDestroy();
    });
    expect((await watchdog.ask(toGet())).status).toBe(200);
    expect((await watchdog.ask(toGet())).status).toBe(200);
    expect([requests, upstream.asked.length]).toEqual([3, 2]);
    expect((await watchdog.ask(toGet())).status).toBe(500);
    expect(requests).toBe(5);
    expect((await watchdog.ask(toGet())).status).toBe(500);
    expect(requests).toBe(6);
  });

  test("G24: POSTs over connections that the upstream closes behind each answer all arrive", async ({
    expect,
  }) => {
    const { watchdog } = await startProxy(({ socket }, piece) => {
      if (!piece.includes("body")) return;
      socket.write(OK);
      setTimeout(() => socket.end(), 1);
    });
    const client = await watchdog.connect();
    for (let count = 0; count < 30; count++) {
      client.send(toPost("body"));
      expect((await client.answer()).status).toBe(200);
      // Its end has come by now; what meets it on the way is nobody's to repeat.
      await until("a moment", () => true);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
});

describe("G12: an answer that is cut short", () => {
  for (const [framing, text] of [
    ["of known length", `${HEAD}Content-Length: 100\r\n\r\npart`],
    ["in chunks", `${HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n`],
    ["in chunks, with a broken one", `${HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n`],
  ] as const) {
    test(`${framing}, by its upstream is cut short for the client`, async ({ expect }) => {
      const { watchdog, upstream } = await startProxy(always(text));
      const client = await watchdog.connect();
      client.send(toGet());
      await until("a part of it", () => client.received.includes("part"));
      if (framing.includes("broken")) upstream.asked[0]?.socket.write("xx\r\n");
      else upstream.asked[0]?.socket.end();
      expect(await client.closed()).toBe("reset");
      expect(client.received).not.toContain("\r\n0\r\n");
      await until("the log line", () => watchdog.telemetry.invocations.length === 1);
      expect(watchdog.telemetry.invocations[0]?.outcome).toBe("upstream-failed");
    });
  }

  test("by the deadline is cut short for the client, and the upstream is told", async ({
    expect,
  }) => {
    const { watchdog, upstream } = await startProxy(
      always(`${HEAD}Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n`),
      { exec_timeout: "300ms" },
    );
    const client = await watchdog.connect();
    client.send(toGet());
    expect(await client.closed()).toBe("reset");
    await until("the upstream's connection ends", () => upstream.asked[0]?.isClosed === true);
    await until("the log line", () => watchdog.telemetry.invocations.length === 1);
    expect(watchdog.telemetry.invocations[0]?.outcome).toBe("timeout");
  });
});

describe("a request with a body", () => {
  for (const variables of [{}, { http_buffer_req_body: "true" }]) {
    test(`that nobody was there for at first is sent with all of its body, ${JSON.stringify(variables)}`, async ({
      expect,
    }) => {
      const chunks = (text: string) =>
        Array.from({ length: 40 }, () => `${BIG.toString(16)}\r\n${text.repeat(BIG)}\r\n`).join("");
      const { watchdog, upstream } = await startProxy(() => {}, variables);
      await until("ready", async () => (await watchdog.ask(toGet("/_/ready"))).status === 200);
      await upstream.leave();
      const client = await watchdog.connect();
      client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send(chunks("a"));
      if (variables.http_buffer_req_body !== undefined) client.send("0\r\n\r\n");
      await until("seen", async () => (await watchdog.ask(toGet("/_/ready"))).status === 503);
      await upstream.comeBack();
      if (variables.http_buffer_req_body === undefined) client.send("0\r\n\r\n");
      const sent = () => upstream.asked.map(({ received }) => received.replace(/[^a]/g, "").length);
      await until("the body", () => (sent()[0] ?? 0) >= BIG * 40);
      expect(sent()).toHaveLength(1);
    });
  }
});

describe("exec_timeout", () => {
  test("is 504 and an empty body before the answer begins, and the upstream is told", async ({
    expect,
  }) => {
    const { watchdog, upstream } = await startProxy(() => {}, { exec_timeout: "200ms" });
    const answer = await watchdog.post("body");
    expect([answer.status, answer.body]).toEqual([504, ""]);
    expect(answer.header("x-openfaas-internal")).toBe("of-watchdog");
    expect(answer.header("x-breeze-outcome")).toBe("timeout");
    await until("the upstream's connection ends", () => upstream.asked[0]?.isClosed === true);
  });

  for (const header of [
    "Accept: text/event-stream",
    "Accept: application/x-ndjson",
    "X-Timeout: 0s",
    "X-Timeout: -1s",
    "Upgrade: websocket",
    "Connection: Upgrade\r\nUpgrade: websocket",
  ]) {
    test(`G14: is not switched off by ${JSON.stringify(header)}`, async ({ expect }) => {
      const { watchdog } = await startProxy(() => {}, { exec_timeout: "200ms" });
      expect((await watchdog.ask(toGet("/", `${header}\r\n`))).status).toBe(504);
    });
  }

  test("is shorter where the caller says so (X-Timeout)", async ({ expect }) => {
    const { watchdog } = await startProxy(() => {}, { exec_timeout: "1h" });
    expect((await watchdog.ask(toGet("/", "X-Timeout: 100ms\r\n"))).status).toBe(504);
  });
});

describe("max_output", () => {
  test("is 502 where the upstream says a larger length, and a cut where it comes to more", async ({
    expect,
  }) => {
    const answers = [
      `${HEAD}Content-Length: 11\r\n\r\nhello world`,
      `${HEAD}Transfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n`,
    ];
    const { watchdog } = await startProxy(({ socket }) => socket.write(answers.shift() ?? OK), {
      max_output: "10",
    });
    const answer = await watchdog.post("");
    expect([answer.status, answer.header("x-breeze-outcome")]).toEqual([502, "output-too-large"]);
    expect((await watchdog.post("")).status).toBe(502);
  });
});
