import { describe, test } from "vitest";
import { startTestWatchdog, toGet } from "../../support/start-watchdog.ts";
import { until } from "../../support/until.ts";

const shell = (script: string) => ({
  mode: "streaming",
  fprocess: `sh -c '${script}'`,
  fprocess_shell_words: "true",
});

describe("a failure before the first byte", () => {
  test("is a 500 with the reason (G13, P7)", async ({ expect }) => {
    const watchdog = await startTestWatchdog(shell("exit 3"));
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.body]).toEqual([500, "exit status 3\n"]);
    expect(answer.header("content-type")).toBe("text/plain; charset=utf-8");
  });

  test("is a 500 where the program cannot be started", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ mode: "streaming", fprocess: "no-such-program" });
    const answer = await watchdog.ask(toGet());
    expect(answer.status).toBe(500);
    expect(answer.header("x-breeze-outcome")).toBe("spawn-failed");
  });

  test("is a 500 at the deadline", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ ...shell("sleep 20"), exec_timeout: "200ms" });
    const answer = await watchdog.ask(toGet());
    expect(answer.status).toBe(500);
    expect(answer.header("x-breeze-outcome")).toBe("timeout");
  });

  test("is theirs, a 200 with nothing, with compat=openfaas", async ({ expect }) => {
    const watchdog = await startTestWatchdog({ ...shell("exit 3"), compat: "openfaas" });
    const answer = await watchdog.ask(toGet());
    expect([answer.status, answer.body]).toEqual([200, ""]);
  });
});

describe("a failure behind the first byte resets the connection (G12)", () => {
  const failures: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "that exits otherwise than with 0": shell("echo begun; sleep 0.2; exit 3"),
    "that dies of a signal": shell("echo begun; sleep 0.2; kill -KILL $$"),
    "that is late": { ...shell("echo begun; sleep 20"), exec_timeout: "300ms" },
    "that writes too much (T13)": { ...shell("echo begun; sleep 0.2; yes"), max_output: "10KB" },
  };
  for (const [name, variables] of Object.entries(failures)) {
    for (const version of ["1.0", "1.1"]) {
      test(`of a function ${name}, in HTTP/${version}`, async ({ expect }) => {
        const watchdog = await startTestWatchdog(variables);
        const client = await watchdog.connect();
        client.send(`GET / HTTP/${version}\r\nHost: x\r\n\r\n`);
        await until("the first byte", () => client.received.includes("begun\n"));
        expect(await client.closed()).toBe("reset");
        expect(client.received).not.toContain("0\r\n\r\n");
        await until("the record", () => watchdog.telemetry.invocations.length === 1);
        expect(watchdog.telemetry.invocations[0]?.status).toBe(200);
        expect(watchdog.telemetry.invocations[0]?.outcome).not.toBe("ok");
      });
    }
  }
});

describe("a failure right behind the first byte", () => {
  for (const version of ["1.0", "1.1"]) {
    test(`lets its client have what was written, and resets the connection, in HTTP/${version}`, async ({
      expect,
    }) => {
      const watchdog = await startTestWatchdog(shell("echo out; echo err >&2; exit 3"));
      for (let count = 0; count < 15; count++) {
        const client = await watchdog.connect();
        client.send(`GET / HTTP/${version}\r\nHost: x\r\n\r\n`);
        expect(await client.closed()).toBe("reset");
        expect(client.received).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n(4\r\n)?out\n(\r\n)?$/s);
      }
    });
  }

  test("lets its client have all that fits into its socket", async ({ expect }) => {
    const watchdog = await startTestWatchdog(shell("head -c 50000 /dev/zero; echo end; exit 3"));
    const client = await watchdog.connect();
    client.send(toGet());
    expect(await client.closed()).toBe("reset");
    expect(client.received).toMatch(/end\n\r\n$/);
  });

  test("waits for a client that takes nothing no longer than write_timeout", async ({ expect }) => {
    const watchdog = await startTestWatchdog({
      ...shell("yes"),
      exec_timeout: "300ms",
      write_timeout: "300ms",
    });
    const client = await watchdog.connect();
    client.socket.pause();
    client.send(toGet());
    await until("the connection is reset", () => {
      // What a paused client notices.
      client.send("x");
      return client.ending === "reset";
    });
    expect(watchdog.telemetry.invocations[0]?.outcome).toBe("timeout");
  });
});
