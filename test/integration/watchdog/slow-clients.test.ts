import { describe, test } from "vitest";
import { createGate, GATED } from "../../support/gate.ts";
import { spooledBytes } from "../../support/spooled-bytes.ts";
import { startTestWatchdog, toGet, toPost } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const FLOODS = {
  fprocess: "head -c 50000000 /dev/zero",
  write_timeout: "400ms",
  max_inflight: "1",
};

describe("a client that is slow to ask (T11)", () => {
  test("is told 408 and closed when its headers are late", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat", read_timeout: "300ms" });
    const client = await watchdog.connect();
    client.send("POST / HTTP/1.1\r\nHo");
    expect((await client.answer()).status).toBe(408);
    expect(await client.closed()).toBe("fin");
  });

  test("is closed without a word when it has not begun to ask", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat", read_timeout: "300ms" });
    const client = await watchdog.connect();
    expect([await client.closed(), client.received]).toEqual(["fin", ""]);
  });

  test("is told 400 and closed when its body is late, and nothing was started for it", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat", read_timeout: "300ms" });
    const client = await watchdog.connect();
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    const answer = await client.answer();
    expect(answer.status).toBe(400);
    expect(answer.body).toMatch(/^read tcp 127\.0\.0\.1:\d+->127\.0\.0\.1:\d+: i\/o timeout\n$/);
    expect(await client.closed()).toBe("fin");
    expect(watchdog.telemetry.processes).toBe(0);
  });

  test("starts nothing before its body is whole, and holds up nobody", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat" });
    const slow = await Promise.all(Array.from({ length: 50 }, () => watchdog.connect()));
    for (const client of slow) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nslo");
    }
    await until("all have come", () => watchdog.telemetry.inFlight === 50);
    expect((await watchdog.post("fast")).body).toBe("fast");
    expect(watchdog.telemetry.processes).toBe(1);
    for (const client of slow) client.send("wly");
    for (const client of slow) expect((await client.answer()).body).toBe("slowly");
  });

  test("takes nobody's place while its body is on the way", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ fprocess: "cat", max_inflight: "2" });
    const slow = await Promise.all(Array.from({ length: 10 }, () => watchdog.connect()));
    for (const client of slow) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nslo");
    }
    await until("all have come", () => watchdog.telemetry.inFlight === 10);
    for (let count = 0; count < 5; count++) {
      expect((await watchdog.post("fast")).body).toBe("fast");
    }
    for (const client of slow) {
      client.send("wly");
      expect((await client.answer()).body).toBe("slowly");
    }
  });

  for (const max_queue of ["0", "1"]) {
    test(`has the next place when its body is here at last, before newcomers, with max_queue=${max_queue}`, async ({
      expect,
    }) => {
      const gate = createGate();
      const watchdog = await startTestWatchdog({ ...GATED, max_inflight: "1", max_queue });
      const slow = await watchdog.connect();
      slow.send(toPost("slow").slice(0, -1));
      await until("it has come", () => watchdog.telemetry.inFlight === 1);
      const other = watchdog.post("other", gate.header);
      await until("the other runs", () => watchdog.telemetry.processes === 1);
      slow.send("w");
      await until("it waits", () => watchdog.telemetry.waiting === 1);
      const refusal = max_queue === "0" ? 429 : 503;
      expect((await watchdog.post("newcomer")).status).toBe(refusal);
      gate.open();
      expect((await slow.answer()).body).toBe("slow");
      expect((await other).body).toBe("other");
    });
  }

  test("is one of many whose bodies are in memory up to 16 MiB together, and in files beyond (T9)", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ fprocess: "wc -c", max_inflight: "1" });
    const slow = await Promise.all(Array.from({ length: 40 }, () => watchdog.connect()));
    for (const client of slow) client.send(toPost("x".repeat(900_000)).slice(0, -1));
    const inFiles = 40 * 900_000 - 17 * 1024 * 1024;
    await until("most are in files", () => spooledBytes(watchdog.folder) > inFiles);
    for (const client of slow) client.send("x");
    for (const client of slow) expect((await client.answer(60_000)).body.trim()).toBe("900000");
    expect(spooledBytes(watchdog.folder)).toBe(0);
    const alone = await watchdog.connect();
    alone.send(toPost("x".repeat(900_000)).slice(0, -1));
    await until("it has come", () => watchdog.telemetry.inFlight === 1);
    expect(spooledBytes(watchdog.folder)).toBe(0);
  });

  test("leaves no file behind when it goes while its body waits for a place", async () => {
    const gate = createGate();
    const watchdog = await startTestWatchdog({ ...GATED, max_inflight: "1" });
    const slow = await watchdog.connect();
    slow.send(toPost("x".repeat(3_000_000)).slice(0, -1));
    await until("it is on the way", () => spooledBytes(watchdog.folder) > 0);
    const other = watchdog.post("other", gate.header);
    await until("the other runs", () => watchdog.telemetry.processes === 1);
    slow.send("x");
    await until("it waits", () => watchdog.telemetry.waiting === 1);
    slow.reset();
    await until("the file is closed", () => spooledBytes(watchdog.folder) === 0);
    await until("it has left", () => watchdog.telemetry.waiting === 0);
    gate.open();
    await other;
  });

  test("is not cut while the function reads slowly what the client has long sent", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({
      fprocess: "sh -c 'sleep 4; cat'",
      fprocess_shell_words: "true",
      mode: "streaming",
      read_timeout: "2s",
    });
    const client = await watchdog.connect();
    const body = "x".repeat(8_000_000);
    client.send(toPost(body));
    expect((await client.answer()).body.length).toBe(body.length);
  });
});

describe("a client that does not read its answer (T12)", () => {
  for (const mode of ["classic", "serializing", "streaming"]) {
    test(`is cut after write_timeout, and its place is free, in ${mode}`, async ({ expect }) => {
      const watchdog = await startTestWatchdog({
        ...FLOODS,
        ...(mode === "classic" ? {} : { mode }),
      });
      const client = await watchdog.connect();
      client.socket.pause();
      client.send(toGet());
      await until("the record", () => watchdog.telemetry.invocations.length === 1);
      expect(watchdog.telemetry.invocations[0]?.status).toBe(499);
      client.socket.resume();
      expect(await client.closed()).toBe("reset");
      await until("the place is free", () => watchdog.telemetry.outcomes.length === 1);
    });
  }

  test("gets all of it as long as it reads now and then (G17)", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ ...FLOODS, write_timeout: "1s" });
    const client = await watchdog.connect();
    client.send(toGet());
    for (let pause = 0; pause < 8; pause++) {
      client.socket.pause();
      await new Promise((resolve) => setTimeout(resolve, 200));
      client.socket.resume();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect((await client.answer()).body.length).toBe(50_000_000);
  });

  test("is not cut while it is the function that is quiet (G17)", async ({ expect }) => {
    for (const mode of ["classic", "streaming"]) {
      const watchdog = await startTestWatchdog({
        ...(mode === "classic" ? {} : { mode }),
        fprocess: "sh -c 'head -c 3000000 /dev/zero; sleep 1; echo end'",
        fprocess_shell_words: "true",
        write_timeout: "300ms",
      });
      expect((await watchdog.ask(toGet())).body.length).toBe(3_000_004);
    }
  });
});
