import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { RawClient } from "../../../support/raw-http.ts";
import { createDataFolder, RunningGateway } from "../../../support/run-gateway.ts";
import { until } from "../../../support/until.ts";
import { find, findOnce, isOver, script, submit } from "./queued.ts";

const portOf = ({ url }: RunningGateway) => Number(new URL(url).port);

const head = (callId: string, headers: string) =>
  `POST /async-function/cat HTTP/1.1\r\nHost: gateway\r\nX-Call-Id: ${callId}\r\n${headers}\r\n`;

const chunk = (size: number) => `${size.toString(16)}\r\n${"x".repeat(size)}\r\n`;

describe("a submission", () => {
  test("whose body is too large is 413, by its length before it comes and by its chunks as they do", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder(), { max_async_body: "1KiB" });
    await gateway.deploy("cat", "cat");
    const told = await RawClient.connect(portOf(gateway));
    told.send(head("told", "Content-Length: 1025\r\nExpect: 100-continue\r\n"));
    const refused = await told.answer();
    expect([refused.status, refused.body]).toEqual([
      413,
      "Payload Too Large: the body has more than 1024 bytes\n",
    ]);
    expect(told.received).not.toContain("100 Continue");
    const chunked = await RawClient.connect(portOf(gateway));
    chunked.send(`${head("chunked", "Transfer-Encoding: chunked\r\n")}${chunk(700)}${chunk(700)}`);
    expect((await chunked.answer()).status).toBe(413);
    for (const id of ["told", "chunked"]) {
      expect((await gateway.ask(`/system/async/${id}`)).status).toBe(404);
    }
    const fits = await RawClient.connect(portOf(gateway));
    fits.send(`${head("fits", "Transfer-Encoding: chunked\r\n")}${chunk(1024)}0\r\n\r\n`);
    expect((await fits.answer()).status).toBe(202);
  });

  test("whose client leaves within the body leaves nothing, and nothing waits for it", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    await gateway.deploy("cat", "cat");
    for (const leave of ["reset", "finish"] as const) {
      const client = await RawClient.connect(portOf(gateway));
      client.send(`${head(leave, "Content-Length: 1000\r\n")}half`);
      // What comes behind it on another connection is answered: the first one's head has been read.
      expect(await submit(gateway, "cat", `behind-${leave}`)).toBe(202);
      client[leave]();
      expect((await gateway.ask(`/system/async/${leave}`)).status).toBe(404);
    }
    gateway.process.kill("SIGTERM");
    expect(await gateway.ended()).toBe(0);
  });

  test("with a delay waits for it, and one with nonsense for a delay is 400", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    await gateway.deploy("env", "env");
    expect(await submit(gateway, "env", "later", { "X-Delay": "1h" })).toBe(202);
    expect(await submit(gateway, "env", "soon", { "X-Delay": "400ms" })).toBe(202);
    expect(await find(gateway, "later")).toMatchObject({ state: "delayed", attempt: 0 });
    const soon = await findOnce(gateway, "soon", isOver);
    const tookMs = Date.parse(soon.finishedAt ?? "") - Date.parse(soon.queuedAt);
    expect(tookMs).toBeGreaterThanOrEqual(400);
    expect(soon.answer?.body).not.toMatch(/Http_X_Delay/i);
    for (const delay of ["soon", "-1s", "200h"]) {
      expect(await submit(gateway, "env", "never", { "X-Delay": delay })).toBe(400);
    }
    expect((await gateway.ask("/system/async/never")).status).toBe(404);
    expect(await find(gateway, "later")).toMatchObject({ state: "delayed" });
  });

  test("to a gateway that drains is 503, and what was accepted before is kept for the next one", async ({
    expect,
  }) => {
    const folder = createDataFolder();
    const first = await RunningGateway.start(folder, { drain_grace: "30s" });
    await first.deploy("cat", "cat");
    await submit(first, "cat", "before", { "X-Delay": "2s" });
    first.process.kill("SIGTERM");
    await until("it drains", async () => (await first.ask("/healthz")).status === 503);
    const refused = await first.ask("/async-function/cat", {
      method: "POST",
      body: "a",
      headers: { "X-Call-Id": "during" },
    });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    // It is the queue alone that takes nothing any more.
    expect((await first.ask("/function/cat", { method: "POST", body: "b" })).status).toBe(200);
    expect((await first.ask("/system/async/during")).status).toBe(404);
    first.process.kill("SIGTERM");
    first.process.kill("SIGTERM");
    await first.ended();
    const second = await RunningGateway.start(folder);
    const ran = await findOnce(second, "before", isOver);
    expect(ran).toMatchObject({ state: "completed", attempt: 1, answer: { body: "before" } });
  });
});

describe("a function's annotations", () => {
  test("say how many of its queued invocations run at a time, and how often they are tried", async ({
    expect,
  }) => {
    const folder = createDataFolder();
    const gateway = await RunningGateway.start(folder);
    const notes = join(folder, "notes");
    const lock = join(folder, "lock");
    const alone = `mkdir ${lock} || echo overlap >> ${notes}; sleep 0.1; rmdir ${lock}`;
    const annotations = {
      "breeze.async.max-inflight": "1",
      "com.openfaas.retry.attempts": "3",
      "com.openfaas.retry.codes": "500",
      "com.openfaas.retry.min_wait": "10ms",
      "com.openfaas.retry.max_wait": "20ms",
    };
    const lines = `echo ran >> ${notes}; ${alone}; exit 1`;
    await gateway.deploy("f", script(folder, "f", lines), { annotations });
    const ids = ["a", "b", "c", "d"];
    await Promise.all(ids.map((id) => submit(gateway, "f", id)));
    for (const id of ids) {
      expect(await findOnce(gateway, id, isOver)).toMatchObject({ state: "dead", attempt: 3 });
    }
    expect(readFileSync(notes, "utf8")).toBe("ran\n".repeat(12));
    const once = { annotations: { ...annotations, "com.openfaas.retry.codes": "503" } };
    await gateway.deploy("f", "false", once);
    await submit(gateway, "f", "e");
    const found = await findOnce(gateway, "e", isOver);
    expect(found).toMatchObject({ state: "completed", attempt: 1, status: 500 });
  });

  test("that cannot be used are 400 when it is deployed, with value and what was expected", async ({
    expect,
  }) => {
    const gateway = await RunningGateway.start(createDataFolder());
    const annotations = { "com.openfaas.retry.attempts": "often", "com.openfaas.timeout": "soon" };
    const body = { service: "f", image: "x/y", envProcess: "cat", annotations };
    const refused = await gateway.tell("POST", "/system/functions", body);
    expect([refused.status, await refused.text()]).toEqual([
      400,
      'com.openfaas.timeout: found "soon", expected a duration such as 30s or 1m30s, or whole seconds; 0 for no limit; ' +
        'com.openfaas.retry.attempts: found "often", expected a whole number from 1 to 1000\n',
    ]);
    expect((await gateway.ask("/function/f")).status).toBe(404);
  });
});
