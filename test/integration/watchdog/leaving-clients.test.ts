import { readFileSync } from "node:fs";
import { describe, test } from "vitest";
import { createMark, findMarked } from "../../support/marked-processes.ts";
import {
  type StartedWatchdog,
  startTestWatchdog,
  toGet,
  toPost,
} from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

/** How much a process has written so far. */
function readWritten(pid: number): string | undefined {
  return /^wchar: [1-9]\d*$/m.exec(readFileSync(`/proc/${pid}/io`, "latin1"))?.[0];
}

const SLEEPS = { fprocess: "sleep 60" };

async function running(watchdog: StartedWatchdog, request: string) {
  const client = await watchdog.connect();
  client.send(request);
  await until("the function runs", () => watchdog.telemetry.processes === 1);
  return client;
}

for (const mode of ["classic", "serializing", "streaming"]) {
  describe(`a client that leaves (T20, G18, G26, P5), in ${mode}`, () => {
    const variables = mode === "classic" ? SLEEPS : { ...SLEEPS, mode, exec_timeout: "0" };

    for (const way of ["reset", "finish"] as const) {
      test(`by ${way === "reset" ? "RST" : "FIN"} ends the function, and is recorded as 499`, async ({
        expect,
      }) => {
        const mark = createMark();
        const watchdog = await startTestWatchdog(variables, { environment: [mark] });
        const client = await running(watchdog, toPost("hello"));
        client[way]();
        await until("the record", () => watchdog.telemetry.invocations.length === 1);
        expect(watchdog.telemetry.invocations[0]).toMatchObject({
          status: 499,
          outcome: "aborted",
          bytes: 0,
        });
        expect(watchdog.telemetry.ended).toEqual([{ method: "POST", status: 499 }]);
        expect(watchdog.telemetry.outcomes[0]?.kind).toBe("aborted");
        expect(findMarked(mark)).toEqual([]);
      });
    }

    test("does not end the function with cancel_on_disconnect=false", async ({ expect }) => {
      const watchdog = await startTestWatchdog({
        ...(mode === "classic" ? {} : { mode }),
        fprocess: "sh -c 'sleep 0.5; echo over >&2'",
        fprocess_shell_words: "true",
        combine_output: "false",
        cancel_on_disconnect: "false",
      });
      const client = await running(watchdog, toGet());
      client.reset();
      await until("the record", () => watchdog.telemetry.invocations.length === 1);
      expect(watchdog.telemetry.invocations[0]).toMatchObject({ status: 499, outcome: "ok" });
      expect(watchdog.telemetry.errorOutput).toBe("over\n");
    });

    test("inside its body starts nothing that stays", async ({ expect }) => {
      const mark = createMark();
      const watchdog = await startTestWatchdog(variables, { environment: [mark] });
      for (const way of ["reset", "finish"] as const) {
        const client = await watchdog.connect();
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
        await until("the request", () => watchdog.telemetry.inFlight === 1);
        client[way]();
        await until("the request is over", () => watchdog.telemetry.inFlight === 0);
      }
      await until("nothing is left", () => findMarked(mark).length === 0);
      expect(watchdog.telemetry.invocations.every(({ outcome }) => outcome !== "ok")).toBe(true);
    });
  });
}

test("a client that half-closes gets its answer with cancel_on_disconnect=false", async ({
  expect,
}) => {
  const watchdog = await startTestWatchdog({
    fprocess: "sh -c 'sleep 0.3; cat'",
    fprocess_shell_words: "true",
    cancel_on_disconnect: "false",
  });
  const client = await running(watchdog, toPost("hello"));
  client.finish();
  expect((await client.answer()).body).toBe("hello");
  expect(await client.closed()).toBe("fin");
});

test("a client that leaves while it waits for its turn has nothing started", async ({ expect }) => {
  const watchdog = await startTestWatchdog({
    fprocess: "sh -c 'sleep 0.5; cat'",
    fprocess_shell_words: "true",
  });
  const client = await running(watchdog, toPost("one") + toPost("two") + toPost("three"));
  client.reset();
  await until("the record", () => watchdog.telemetry.invocations.length > 0);
  // Whoever comes now is served behind all that was still to come on that connection.
  expect((await watchdog.post("later")).body).toBe("later");
  expect(watchdog.telemetry.processes).toBe(2);
});

describe("in streaming with cancel_on_disconnect=false, a client that leaves", () => {
  const variables = { mode: "streaming", exec_timeout: "0", cancel_on_disconnect: "false" };

  test("without having taken its answer does not hold the function back", async ({ expect }) => {
    const mark = createMark();
    const fprocess = "head -c 50000000 /dev/zero";
    const watchdog = await startTestWatchdog({ ...variables, fprocess }, { environment: [mark] });
    const client = await watchdog.connect();
    client.socket.pause();
    client.send(toGet());
    let written = "";
    await until("the function is held back", () => {
      const before = written;
      written = findMarked(mark).map(readWritten).join();
      return written !== "" && written === before;
    });
    client.reset();
    await until("the record", () => watchdog.telemetry.invocations.length === 1);
    expect(watchdog.telemetry.invocations[0]).toMatchObject({ status: 499, outcome: "ok" });
  });

  test("in the middle of its body leaves no function that takes the part for the whole", async ({
    expect,
  }) => {
    const watchdog = await startTestWatchdog({ ...variables, fprocess: "wc -c" });
    const client = await running(
      watchdog,
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n${"a".repeat(300_000)}`,
    );
    client.reset();
    await until("the record", () => watchdog.telemetry.invocations.length === 1);
    expect(watchdog.telemetry.invocations[0]).toMatchObject({ status: 499, outcome: "aborted" });
  });
});
