import { describe, onTestFinished, test, vi } from "vitest";
import { serveUntilDrained } from "../../support/serve-until-drained.ts";
import { until } from "../../support/until.ts";

describe("while it gives a load balancer time", () => {
  test("newcomers are served, and their connections end with the answer (T42)", async ({
    expect,
  }) => {
    const { drain, steps, client } = await serveUntilDrained();
    expect(drain.begun).toBe(false);
    void drain.advance();
    expect(drain.begun).toBe(true);
    expect(steps).toEqual([["not-ready", 0]]);
    const newcomer = await client();
    newcomer.ask("/");
    await until("the newcomer has its answer", () => newcomer.isClosed);
    expect(newcomer.received).toContain("Connection: close");
    expect(newcomer.received).toContain("draining");
    void drain.advance();
    await drain.advance();
  });

  test("a request on a connection from before is served too", async ({ expect }) => {
    const { drain, client } = await serveUntilDrained();
    const old = await client();
    old.ask("/");
    await until("the first answer", () => old.received.endsWith("serving"));
    const over = drain.advance();
    old.ask("/");
    await until("the second answer", () => old.received.endsWith("draining"));
    void drain.advance();
    expect(await over).toBe(0);
  });
});

describe("when the grace is over", () => {
  test("at whatever moment, Node has nothing to warn of", async ({ expect }) => {
    const warnings: string[] = [];
    const note = ({ name }: Error) => void warnings.push(name);
    process.on("warning", note);
    onTestFinished(() => void process.off("warning", note));
    let now = 0;
    // Between any two looks at the clock some of the last wait is over.
    vi.spyOn(performance, "now").mockImplementation(() => (now += 7));
    onTestFinished(() => void vi.restoreAllMocks());
    const { drain } = await serveUntilDrained({ graceMs: 10 });
    await drain.advance();
    expect(warnings).toEqual([]);
  });

  test("the listener closes, what is in flight is finished, and all four steps were taken in order", async ({
    expect,
  }) => {
    const { drain, steps, server, pending, answerAll, client } = await serveUntilDrained({
      graceMs: 30,
    });
    const slow = await client();
    slow.ask("/slow");
    await until("it is in flight", () => pending.length === 1);
    const over = drain.advance();
    await until("the listener is closed", () => !server.listening);
    expect(steps).toEqual([
      ["not-ready", 1],
      ["closing", 1],
    ]);
    await expect(client()).rejects.toThrow();
    answerAll();
    expect(await over).toBe(0);
    expect(slow.received).toContain("done");
    expect(steps).toEqual([
      ["not-ready", 1],
      ["closing", 1],
      ["drained", 0],
    ]);
  });

  test("idle connections are closed", async ({ expect }) => {
    const { drain, client } = await serveUntilDrained({ graceMs: 0 });
    const idle = await client();
    idle.ask("/");
    await until("it is idle", () => idle.received.endsWith("serving"));
    const begin = performance.now();
    expect(await drain.advance()).toBe(0);
    await until("it is closed", () => idle.isClosed);
    expect(performance.now() - begin).toBeLessThan(900);
  });

  test("a client in the middle of its headers does not hold it", async ({ expect }) => {
    const { drain, client } = await serveUntilDrained({ graceMs: 0 });
    const dawdler = await client();
    dawdler.send("GET / HTTP/1.1\r\nHo");
    expect(await drain.advance()).toBe(0);
    await until("it is cut", () => dawdler.isClosed);
  });

  test("a grace of 0 ends at once instead of never (G7)", async ({ expect }) => {
    const { drain, stepNames } = await serveUntilDrained({ graceMs: 0 });
    expect(await drain.advance()).toBe(0);
    expect(stepNames()).toEqual(["not-ready", "closing", "drained"]);
  });
});

describe("when the time for all of it is over", () => {
  test("what remains is terminated, and its number is the result", async ({ expect }) => {
    const { drain, steps, pending, client } = await serveUntilDrained({
      graceMs: 0,
      timeoutMs: 50,
    });
    const [first, second] = [await client(), await client()];
    first.ask("/slow");
    second.ask("/slow");
    await until("both are in flight", () => pending.length === 2);
    expect(await drain.advance()).toBe(2);
    await until("both are cut", () => first.isClosed && second.isClosed);
    expect(steps).toEqual([
      ["not-ready", 2],
      ["closing", 2],
      ["terminating", 2],
      ["drained", 0],
    ]);
  });

  test("the grace is part of it", async ({ expect }) => {
    const { drain, stepNames, pending, client } = await serveUntilDrained({
      graceMs: 60_000,
      timeoutMs: 50,
    });
    (await client()).ask("/slow");
    await until("it is in flight", () => pending.length === 1);
    expect(await drain.advance()).toBe(1);
    expect(stepNames()).toEqual(["not-ready", "closing", "terminating", "drained"]);
  });

  test("what does not even end then is not waited for", async ({ expect }) => {
    const { drain, steps, pending, client } = await serveUntilDrained({
      graceMs: 0,
      timeoutMs: 20,
      terminate: () => new Promise(() => {}),
    });
    const stuck = await client();
    stuck.ask("/slow");
    await until("it is in flight", () => pending.length === 1);
    expect(await drain.advance()).toBe(1);
    expect(steps.at(-1)).toEqual(["drained", 1]);
    await until("its connection is cut", () => stuck.isClosed);
  });
});

describe("being called again", () => {
  test("ends the grace, then the waiting (T42, P8)", async ({ expect }) => {
    const { drain, stepNames, server, pending, client } = await serveUntilDrained();
    (await client()).ask("/slow");
    await until("it is in flight", () => pending.length === 1);
    const over = drain.advance();
    expect(stepNames()).toEqual(["not-ready"]);
    void drain.advance();
    await until("the listener is closed", () => !server.listening);
    expect(stepNames()).toEqual(["not-ready", "closing"]);
    void drain.advance();
    expect(await over).toBe(1);
    expect(stepNames()).toEqual(["not-ready", "closing", "terminating", "drained"]);
  });

  test("changes nothing when all is over", async ({ expect }) => {
    const { drain, steps } = await serveUntilDrained({ graceMs: 0 });
    expect(await drain.advance()).toBe(0);
    const before = steps.length;
    expect(await drain.advance()).toBe(0);
    expect(steps).toHaveLength(before);
  });
});

test("a server that never listened is drained like any other", async ({ expect }) => {
  const { drain, server } = await serveUntilDrained({ graceMs: 0 });
  await new Promise((resolve) => server.close(resolve));
  expect(await drain.advance()).toBe(0);
});
